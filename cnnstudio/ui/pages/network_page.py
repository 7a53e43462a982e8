"""Network: the base and its head, which layers are trained, what that costs, and a drawing."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cnnstudio.project.changed_network import with_network
from cnnstudio.project.freezing_advice import advice, mended
from cnnstudio.project.head_cost import head_cost
from cnnstudio.project.layer_list import LayerList
from cnnstudio.project.network import OWN_LAYERS, OWN_MODEL, NetworkPlan
from cnnstudio.project.network_facts import (
    NetworkFacts,
    ParameterTotals,
    count_parameters,
    trained_layers,
)
from cnnstudio.project.network_row import NetworkRow
from cnnstudio.project.network_table import (
    NETWORKS,
    choose_base,
    find_network,
    layers_of,
    sees_grey,
    with_own_layers,
)
from cnnstudio.project.problems import Problem, errors_in
from cnnstudio.project.weights_places import states_of_weights
from cnnstudio.project.words import say, say_count
from cnnstudio.ui.dialogs.asking import Asking
from cnnstudio.ui.network_state import NetworkState
from cnnstudio.ui.pictures_state import PicturesState
from cnnstudio.ui.price_state import PriceState
from cnnstudio.ui.session import ProjectSession
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.base_card import BaseCard
from cnnstudio.ui.widgets.basics import SIDE_WIDTH, Card, Column, Page, button, clear_layout
from cnnstudio.ui.widgets.head_card import HeadCard
from cnnstudio.ui.widgets.layer_editor import LayerEditor
from cnnstudio.ui.widgets.layers_view import LayersView
from cnnstudio.ui.widgets.network_cards import CardFacts
from cnnstudio.ui.widgets.network_drawing import NetworkDrawing
from cnnstudio.ui.widgets.network_gallery import NetworkGallery
from cnnstudio.ui.widgets.own_model_card import OwnModelCard
from cnnstudio.ui.widgets.price_card import PriceCard
from cnnstudio.ui.widgets.problem_notice import Actions, problem_notice
from cnnstudio.ui.widgets.segments import Segments
from cnnstudio.worker.engine_keeper import EngineKeeper

LAYERS, DRAWING, BUILD = 0, 1, 2


class NetworkPage(Page):
    """The third step."""

    gallery_closed = Signal()

    def __init__(
        self,
        session: ProjectSession,
        pictures: PicturesState,
        network: NetworkState,
        price: PriceState,
        keeper: EngineKeeper,
        theme: Theme,
        asking: Asking,
    ) -> None:
        super().__init__(say("Network"))
        self._session = session
        self._pictures = pictures
        self._network = network
        self._price = price
        self._theme = theme
        self._drawn: NetworkFacts | None = None
        self._told: list[Problem] = []
        self._shown: tuple[object, ...] = ()
        self._priced: tuple[object, ...] = ()
        self._weights_here: set[str] = set()
        self._make_head_buttons()
        self.views = QStackedWidget()
        self.views.addWidget(self._make_work(keeper, theme, asking))
        self.gallery = NetworkGallery(theme, self._card_facts)
        self.gallery.chosen.connect(self.choose_network)
        self.views.addWidget(self.gallery)
        self.body.addWidget(self.views)
        self.next_button = self.add_main_button(say("Train →"), self.next_wanted.emit)
        session.project_changed.connect(lambda *_: self.refresh())
        network.changed.connect(self.refresh)
        price.changed.connect(self._on_price_changed)
        self.refresh()

    def _make_head_buttons(self) -> None:
        self.base_button = QPushButton()
        self.base_button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow behind
        self.base_button.setAccessibleName(say("Base network: choose another"))
        self.base_button.setToolTip(say("Choose another network"))
        self.base_button.clicked.connect(lambda *_: self._toggle_gallery())
        self._theme.changed.connect(self._tint_button)
        self._tint_button()
        self.head_buttons.addWidget(self.base_button)
        choices = ((LAYERS, say("Layers")), (DRAWING, say("Drawing")), (BUILD, say("Build")))
        self.view_choice = Segments(say("What is shown of the network"), choices, LAYERS)
        for made in self.view_choice.buttons.values():
            made.setMinimumWidth(72)
        self.view_choice.chosen.connect(self._on_view_chosen)
        self.head_buttons.addWidget(self.view_choice)
        self.back_button = button(say("Back"), self.close_gallery)
        self.back_button.hide()
        self.head_buttons.addWidget(self.back_button)

    def _tint_button(self) -> None:
        self.base_button.setIcon(self._theme.icon("chevron-down", "quiet"))
        self.base_button.setIconSize(QSize(14, 14))

    def _make_work(self, keeper: EngineKeeper, theme: Theme, asking: Asking) -> QWidget:
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        card = Card(margins=1, spacing=0)
        self.layers = LayersView(theme)
        self.layers.plan_changed.connect(self._on_plan_changed)
        self.drawing = NetworkDrawing(theme, asking)
        self.drawing.layer_chosen.connect(self._on_layer_chosen)
        self.editor = LayerEditor(theme)
        self.editor.layers_changed.connect(self._on_layers_changed)
        self.editor.start_wanted.connect(self._on_start_wanted)
        self.shown = QStackedWidget()
        self.shown.setProperty("role", "plain")
        for view in (self.layers, self.drawing, self.editor):
            self.shown.addWidget(view)
        card.body.addWidget(self.shown, 1)
        row.addWidget(card, 1)
        row.addWidget(self._make_side(keeper, theme, asking))
        return whole

    def _make_side(self, keeper: EngineKeeper, theme: Theme, asking: Asking) -> QWidget:
        whole = QWidget()
        whole.setFixedWidth(SIDE_WIDTH)
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        self.price_card = PriceCard(theme)
        column.addWidget(self.price_card)
        side = Column()
        column.addWidget(side, 1)
        self._notice_box = QWidget()
        self._notices = QVBoxLayout(self._notice_box)
        self._notices.setContentsMargins(0, 0, 0, 0)
        self._notices.setSpacing(8)
        side.body.addWidget(self._notice_box)
        self.own_model_card = OwnModelCard(self._session, keeper, asking)
        side.body.addWidget(self.own_model_card)
        self.base_card = BaseCard(
            self._session, asking, lambda: len(self._facts.base_layers) if self._facts else 0
        )
        self.size_form = self.base_card.size_form
        side.body.addWidget(self.base_card)
        self.head_card = HeadCard(self._session, theme)
        side.body.addWidget(self.head_card)
        side.body.addStretch(1)
        return whole

    @property
    def _row(self) -> NetworkRow:
        return find_network(self._session.project.network.base) or NETWORKS[0]

    @property
    def _facts(self) -> NetworkFacts | None:
        return self._network.facts

    def close_jobs(self) -> None:
        """End the question in hand."""
        self.own_model_card.close_jobs()

    @property
    def _problems(self) -> list[Problem]:
        """What is wrong; what was found out about a model file stands on its own card."""
        notes = facts.notes if (facts := self._facts) is not None else ()
        return [each for each in self._network.problems if each not in notes]

    def refresh(self) -> None:
        """Show the plan and the layers as they are known now."""
        plan, row, facts = self._session.project.network, self._row, self._facts
        problems = self._network.problems
        known = (self._session.project, facts, problems, self._network.num_classes)
        if known == self._shown:
            return  # a tick is told of by the session and by the network
        self._shown = known
        can_change = not self._session.folder.read_only
        self.base_button.setText(row.title)
        self.sentence.setText(say(row.sentence))
        self.sentence.setWordWrap(True)
        self.base_card.refresh()
        self.own_model_card.setVisible(row.built_from == "own_model")
        self.own_model_card.refresh()
        self.head_card.refresh(head_cost(plan, facts) if facts is not None else None)
        self.head_card.setVisible(not (row.built_from == "own_model" and plan.keep_output))
        self._refresh_layers(facts, plan, can_change)
        self._refresh_editor(plan, can_change)
        for part in (self.base_button, self.head_card, self.base_card, self.own_model_card):
            part.setEnabled(can_change)
        self._refresh_price()
        self.next_button.setEnabled(not errors_in(problems))
        classes = say_count("{count} class", "{count} classes", self._network.num_classes)
        size = self._session.project.pictures.size
        self.hint.setText(
            say("{size} × {size} pixels in, {classes} out", size=size, classes=classes)
        )

    def showEvent(self, event: object) -> None:
        self._network.want()
        self._price.want()

    def open_gallery(self) -> None:
        """Show all networks in the place of the one in use."""
        self._look_for_weights()
        self.gallery.open_at(self._row.key)
        self._show_gallery(True)

    def close_gallery(self) -> None:
        """Back to the network in use."""
        self._show_gallery(False)
        self.base_button.setFocus()

    def choose_network(self, key: str, variant: str = "") -> None:
        """Take the network called ``key`` as the base, and show what is to be done with it."""
        project = self._session.project
        row = find_network(key)
        if row is None:
            return
        if (row.key, variant) != (project.network.base, project.network.variant):
            network, pictures = choose_base(project.network, project.pictures, row, variant)
            self._session.change(with_network(project, network, pictures))
        self.close_gallery()
        if row.key == OWN_LAYERS:
            self.view_choice.buttons[BUILD].setChecked(True)
            self._on_view_chosen(BUILD)
        elif row.built_from != "layers" and self.shown.currentWidget() is self.editor:
            self.view_choice.buttons[LAYERS].setChecked(True)  # it is no list to be edited
            self._on_view_chosen(LAYERS)
        if row.key == OWN_MODEL:
            self.own_model_card.setFocus()

    def _toggle_gallery(self) -> None:
        if self.views.currentWidget() is self.gallery:
            self.close_gallery()
        else:
            self.open_gallery()

    def _show_gallery(self, is_open: bool) -> None:
        self.views.setCurrentIndex(1 if is_open else 0)
        self.back_button.setVisible(is_open)
        self.view_choice.setVisible(not is_open)
        self.base_button.setVisible(not is_open)
        self.next_button.setVisible(not is_open)  # one main button: that which takes a network

    def _refresh_layers(
        self, facts: NetworkFacts | None, plan: NetworkPlan, can_change: bool
    ) -> None:
        if facts is None:
            failed = errors_in(self._network.problems)
            message = failed[0].message if failed else say("Building the network…")
            self.layers.show_nothing(message, busy=not failed)
            return
        listing = self._pictures.listing
        names = listing.classes if listing is not None else ()
        self.layers.show_network(facts, plan, names, can_change)
        if self.shown.currentWidget() is self.drawing:
            self._refresh_drawing(facts, plan)

    def _refresh_drawing(self, facts: NetworkFacts, plan: NetworkPlan) -> None:
        trained = trained_layers(plan, facts)
        if facts is not self._drawn:
            self._drawn = facts
            self.drawing.show_network(facts, trained, self._row.title)
        else:
            self.drawing.show_trained(trained)

    def _refresh_editor(self, plan: NetworkPlan, can_change: bool) -> None:
        if self.shown.currentWidget() is not self.editor:
            return
        size = self._session.project.pictures.size
        channels = 1 if sees_grey(plan) else 3
        self.editor.show_layers(layers_of(plan), (size, size, channels), can_change)

    def _refresh_price(self) -> None:
        facts, plan = self._facts, self._session.project.network
        if facts is None:
            self._priced = ()
            self.price_card.show_price(None, None, False)
            self._show_notices(self._problems)
            return
        trained = trained_layers(plan, facts)
        totals: ParameterTotals = count_parameters(facts.layers, trained)
        price, run = self._price.price(trained), self._price.run_price()
        known = (self._session.project, facts, price, self._price.is_measuring)
        if known == self._priced:
            return
        self._priced = known
        self.price_card.show_price(totals, price, self._price.is_measuring, run)
        found = self._problems
        if not errors_in(found):
            heaviest = run.heaviest if run is not None else None
            found += advice(self._session.project, facts, trained, heaviest)
        self._show_notices(found)

    def _show_notices(self, problems: list[Problem]) -> None:
        if problems == self._told:
            return
        self._told = problems
        clear_layout(self._notices)
        for problem in problems:
            self._notices.addWidget(problem_notice(problem, self._mend_action(problem)))
        self._notice_box.setVisible(bool(problems))

    def _mend_action(self, problem: Problem) -> Actions:
        facts = self._facts
        if facts is None or self._session.folder.read_only:
            return ()
        better = mended(problem, self._session.project, facts)
        if better is None:
            return ()
        return ((say("Do it"), lambda: self._session.change(better)),)

    def _card_facts(self, row: NetworkRow) -> CardFacts:
        has_weights = row.key in self._weights_here if row.weights is not None else None
        return CardFacts(fits=self._price.fits(row), has_weights=has_weights)

    def _look_for_weights(self) -> None:
        """Once for all cards: each folder is listed."""
        states = states_of_weights()
        self._weights_here = {each.offered.row.key for each in states if each.path is not None}

    def refresh_weights(self) -> None:
        """Weights have come or gone on this computer."""
        self._look_for_weights()
        self.gallery.refresh_facts()

    def _on_price_changed(self) -> None:
        self._refresh_price()
        if self.views.currentWidget() is self.gallery:
            self.gallery.refresh_facts()

    def _on_view_chosen(self, view: int) -> None:
        self.shown.setCurrentIndex(view)
        self._shown = ()
        self.refresh()

    def _on_layer_chosen(self, name: str) -> None:
        self.view_choice.buttons[LAYERS].setChecked(True)
        self._on_view_chosen(LAYERS)
        self.layers.show_layer(name)
        self.layers.tree.setFocus()

    def _on_plan_changed(self, plan: NetworkPlan) -> None:
        self._session.change_chapter("network", plan)

    def _on_layers_changed(self, layers: LayerList, merging: str | None) -> None:
        project = self._session.project
        plan = with_own_layers(project.network, layers)
        self._session.change(with_network(project, plan), merging)

    def _on_start_wanted(self, key: str, variant: str) -> None:
        """A classic's list as an own one, with its head and the size that it was made for."""
        project = self._session.project
        row = find_network(key)
        if row is None:
            network = with_own_layers(project.network, ())
            self._session.change(with_network(project, network))
            return
        network, pictures = choose_base(project.network, project.pictures, row, variant)
        chosen = row.variant(variant)
        network = with_own_layers(network, chosen.layers if chosen is not None else ())
        self._session.change(with_network(project, network, pictures))
