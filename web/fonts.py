"""The typefaces of the site, where the extra `pincite[fonts]` is installed: cut to our letters, once, for browsers.

Source Serif 4 for what the record says, Noto Sans Arabic for Persian and Arabic in it. Both come as variable fonts of
a megabyte; what is served has the weights and letters that pages use, in parts that a browser fetches only where their
letters occur. Cutting takes some ten seconds of a processor, so it is done beside the site, by `python -m web.fonts
FOLDER`, and what it makes is kept; until then, and without the extra, pages stand in the reader's own fonts.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from index.disk import write_atomically

PACKAGES: Final = ("fontpkg-source-serif-4", "fontpkg-noto-sans-arabic", "fonttools", "brotli")
_SERIF = "fontpkg_source_serif_4"
_ARABIC = "fontpkg_noto_sans_arabic"

_LATIN = "U+0-FF,U+131,U+152-153,U+2BB-2BC,U+2C6,U+2DA,U+2DC,U+2000-200B,U+2010-205F,U+20AC,U+2122,U+2212,U+FFFD"
# What transliteration needs: macrons, dots below, ayn and hamza, and marks that combine.
_EXTENDED = "U+100-130,U+132-151,U+154-24F,U+2B0-2BA,U+2BD-2C5,U+2C7-2D9,U+2DB,U+2DD-2FF,U+300-36F,U+1E00-1EFF"
_PERSIAN = "U+600-6FF,U+750-77F,U+200C-200F,U+FB50-FDFF,U+FE70-FEFC"
_FEATURES = ("onum", "pnum", "lnum", "tnum")  # beside those without which letters would be wrong

# Times New Roman, and what has its widths, stands in until the face has come: made as wide and as high, so that no
# line moves. The numbers come from both fonts' own tables (average width of a line of English, ascent, descent).
_STAND_IN = ('local("Times New Roman")', 'local("Liberation Serif")', 'local("Tinos")')
_STAND_IN_METRICS = "size-adjust:118.9%;ascent-override:87.1%;descent-override:28.2%;line-gap-override:0%"


@dataclass(frozen=True, slots=True)
class Cut:
    """One file to be made of a font: its letters, and where each axis is held or may move."""

    name: str
    family: str
    package: str
    file: str
    style: str
    letters: str
    axes: tuple[tuple[str, float | tuple[float, float]], ...]


_TEXT_SIZE = (("opsz", 14.0), ("wght", (400.0, 600.0)))
CUTS: Final = (
    Cut("serif", "Source Serif 4", _SERIF, "SourceSerif4[opsz,wght].ttf", "normal", _LATIN, _TEXT_SIZE),
    Cut("serif-extended", "Source Serif 4", _SERIF, "SourceSerif4[opsz,wght].ttf", "normal", _EXTENDED, _TEXT_SIZE),
    Cut(
        "serif-italic",
        "Source Serif 4",
        _SERIF,
        "SourceSerif4-Italic[opsz,wght].ttf",
        "italic",
        _LATIN,
        (("opsz", 14.0), ("wght", 400.0)),
    ),
    Cut(
        "persian",
        "Noto Sans Arabic",
        _ARABIC,
        "NotoSansArabic[wdth,wght].ttf",
        "normal",
        _PERSIAN,
        (("wdth", 100.0), ("wght", (400.0, 600.0))),
    ),
)
_LICENCES = (("Source Serif 4", "source-serif-4", _SERIF), ("Noto Sans Arabic", "noto-sans-arabic", _ARABIC))


@dataclass(frozen=True)
class Fonts:
    """The files of the faces: their names are known before they are made."""

    folder: Path
    versions: tuple[str, ...]

    @classmethod
    def installed(cls, folder: Path) -> Fonts | None:
        """The fonts as they stand, or will, in *folder*; None without the extra."""
        try:
            return cls(folder, tuple(f"{name} {version(name)}" for name in PACKAGES))
        except PackageNotFoundError:
            return None

    @cached_property
    def key(self) -> str:
        """Differs whenever any of the files would."""
        told = "\n".join((*self.versions, str(CUTS), *_FEATURES, _STAND_IN_METRICS))
        return hashlib.sha256(told.encode()).hexdigest()[:10]

    @property
    def sheet(self) -> str:
        """The name of the style sheet. It is written last: where it stands, all the others do."""
        return f"fonts.{self.key}.css"

    @property
    def licences(self) -> list[tuple[str, str]]:
        """Each typeface with the name of its licence's file."""
        return [(family, self._named(name, "txt")) for family, name, _ in _LICENCES]

    @property
    def names(self) -> list[str]:
        """All files."""
        return [self.sheet, *(name for _, name in self.licences), *(self._named(cut.name, "woff2") for cut in CUTS)]

    @property
    def ready(self) -> bool:
        """Whether all of them stand."""
        return (self.folder / self.sheet).exists()

    def prepare(self, wanted: Callable[[], bool] = lambda: True) -> None:
        """Makes what is missing, for as long as it is *wanted*. Raises OSError where the folder takes no files."""
        if self.ready:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        for _, name, package in _LICENCES:
            write_atomically(self.folder / self._named(name, "txt"), (_home(package) / "LICENSE").read_bytes())
        for cut in CUTS:
            if not wanted():
                return
            path = self.folder / self._named(cut.name, "woff2")
            if not path.exists():
                write_atomically(path, _made(cut))
        sheet = self.css().encode()
        write_atomically(self.folder / f"{self.sheet}.gz", gzip.compress(sheet, 9, mtime=0))
        write_atomically(self.folder / self.sheet, sheet)

    def css(self) -> str:
        """The rules that name the files, and put the faces first in the site's stacks."""
        rules = []
        for cut in CUTS:
            weight = dict(cut.axes)["wght"]
            range_of_weights = f"{weight[0]:.0f} {weight[1]:.0f}" if isinstance(weight, tuple) else f"{weight:.0f}"
            rules.append(
                f'@font-face{{font-family:"{cut.family}";font-style:{cut.style};font-weight:{range_of_weights};'
                f'font-display:swap;src:url({self._named(cut.name, "woff2")}) format("woff2");'
                f"unicode-range:{cut.letters}}}"
            )
        rules.append(
            f'@font-face{{font-family:"Stand-in";src:{",".join(_STAND_IN)};{_STAND_IN_METRICS};unicode-range:{_LATIN}}}'
        )
        rules.append(
            ':root{--persian:"Noto Sans Arabic",Vazirmatn,"Geeza Pro","Segoe UI",Tahoma;'
            '--serif:"Source Serif 4","Stand-in",Charter,Georgia,"Noto Serif",var(--persian),serif}'
        )
        return "\n".join(rules) + "\n"

    def _named(self, name: str, suffix: str) -> str:
        return f"{name}.{self.key}.{suffix}"


def _home(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(package)
    return Path(spec.origin).parent


def _made(cut: Cut) -> bytes:
    """The woff2 file of *cut*."""
    from io import BytesIO

    from fontTools.subset import Options, Subsetter, parse_unicodes
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    font = TTFont(_home(cut.package) / "files" / cut.file)
    options = Options(flavor="woff2", notdef_outline=True, hinting=False)
    options.layout_features = [*options.layout_features, *_FEATURES]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=parse_unicodes(cut.letters))
    subsetter.subset(font)
    font = instantiateVariableFont(font, dict(cut.axes))
    font.flavor = "woff2"
    out = BytesIO()
    font.save(out)
    return out.getvalue()


def prepare_beside(folder: Path) -> subprocess.Popen[bytes] | None:
    """Has the fonts made by another process, of low priority; None where they stand already or are not installed."""
    fonts = Fonts.installed(folder)
    if fonts is None or fonts.ready:
        return None
    return subprocess.Popen([sys.executable, "-m", "web.fonts", folder], stdin=subprocess.DEVNULL)


if __name__ == "__main__":
    os.nice(10)
    server, here = os.getppid(), Fonts.installed(Path(sys.argv[1]))
    if here is not None:
        try:
            here.prepare(lambda: os.getppid() == server)  # a server that was stopped needs no fonts
        except OSError as error:
            print(
                f"The typefaces are not prepared ({error.strerror}); pages show in the reader's own.", file=sys.stderr
            )
