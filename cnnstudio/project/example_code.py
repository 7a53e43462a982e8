"""A few lines of Python that ask an exported model, for people who go on with it elsewhere."""

from cnnstudio.project.pictures import Fit

_FITS: dict[Fit, str] = {
    "crop": "ImageOps.fit(picture, ({size}, {size}))",
    "pad": 'ImageOps.pad(picture, ({size}, {size}), color="white")',
    "stretch": "picture.resize(({size}, {size}))",
}

_CODE = """\
import json, zipfile
import keras, numpy as np
from PIL import Image, ImageOps
file = "{file}"
model = keras.saving.load_model(file)
facts = json.loads(zipfile.ZipFile(file).read("class_names.json"))

picture = ImageOps.exif_transpose(Image.open("{picture}")).convert("RGBA")
white = Image.new("RGBA", picture.size, "white")
picture = Image.alpha_composite(white, picture).convert("RGB")
picture = {fitted}
answer = model.predict(np.array(picture, "float32")[None])[0]
print(facts["classes"], answer)"""


def example_code(file: str, size: int, fit: Fit, picture: str = "picture.jpg") -> str:
    """Code that reads ``picture`` as training did and asks the model ``file`` for it."""
    fitted = _FITS[fit].format(size=size)
    return _CODE.format(file=file, picture=picture, fitted=fitted)
