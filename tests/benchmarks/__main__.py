"""Lists the commands that print figures: ``python -m tests.benchmarks``."""

import ast
from pathlib import Path


def main() -> None:
    for file in sorted(Path(__file__).parent.glob("bench_*.py")):
        said = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
        print(f"python -m tests.benchmarks.{file.stem}\n    {said.splitlines()[0]}")


if __name__ == "__main__":
    main()
