"""The declarations of all settings: type, default, limits, title, help, page. Everything else is made from them."""

import re
from dataclasses import dataclass
from typing import Any

#: Pages of the dialog, in order: key -> title.
PAGES = {
    "reading": "Reading",
    "ai": "AI",
    "worklist": "Worklist and opinions",
    "keys": "Keys",
    "display": "Display",
    "privacy": "Privacy",
    "language": "Language",
    "system": "System",
}


@dataclass(frozen=True)
class Setting:
    """One setting. The type of the value is the type of `default`: bool, int, float, str, dict (keys), list (names).

    Attributes:
        key: `area.name`.
        choices: (value, title) pairs; empty for free values.
        low, high: limits of numbers, inclusive.
        unit: shown behind a number.
        level: "user", or "site" (shown, but changed by the policy file only).
        restart: takes effect at the next start.
        shown_on: page of the dialog where that is not the key's area.
    """

    key: str
    default: Any
    title: str
    help: str
    choices: tuple[tuple[Any, str], ...] = ()
    low: float | None = None
    high: float | None = None
    unit: str = ""
    level: str = "user"
    restart: bool = False
    shown_on: str = ""

    @property
    def page(self) -> str:
        return self.shown_on or self.key.split(".")[0]

    def fits(self, value: Any) -> bool:
        """Say whether `value` may be stored."""
        if isinstance(self.default, dict):
            return _fits_keys(value)
        if isinstance(self.default, list):
            return isinstance(value, list) and all(isinstance(v, str) and 0 < len(v) <= 200 for v in value)
        if isinstance(self.default, float) and type(value) is int:
            value = float(value)
        if type(value) is not type(self.default) or value != value:
            return False
        if self.choices:
            return value in [choice for choice, _ in self.choices]
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


def _fits_keys(value: Any) -> bool:
    """Say whether `value` is command id -> list of key names."""
    return isinstance(value, dict) and all(
        isinstance(id_, str)
        and re.fullmatch(r"[a-z_0-9]+(\.[a-z_0-9]+)+", id_)
        and isinstance(keys, list)
        and all(isinstance(k, str) and 0 < len(k) <= 40 for k in keys)
        for id_, keys in value.items()
    )


_DECLARED = (
    Setting(
        "reading.tool",
        "window",
        "Tool at start",
        "What the left mouse button does in a viewport when the program starts.",
        (("window", "Window and level"), ("pan", "Pan"), ("zoom", "Zoom"), ("scroll", "Scroll")),
    ),
    Setting(
        "reading.drag_up_is_brighter",
        True,
        "Dragging up makes the image brighter",
        "Off turns the vertical direction of the window drag round.",
    ),
    Setting(
        "reading.wheel_down_is_next",
        True,
        "Turning the wheel down shows the next image",
        "Off turns the direction of the wheel round.",
    ),
    Setting(
        "reading.layout",
        "1x1",
        "Layout at start",
        "How many viewports are shown when the program starts.",
        (("1x1", "1×1"), ("1x2", "1×2"), ("2x1", "2×1"), ("2x2", "2×2")),
    ),
    Setting(
        "reading.smooth",
        True,
        "Smooth enlarged images",
        "Interpolates between pixels when an image is enlarged. Off shows the pixels as they are.",
    ),
    Setting(
        "reading.text_level",
        "full",
        "Corner text at start",
        "How much text stands in the corners of a viewport when the program starts.",
        (("full", "Full"), ("short", "Short"), ("none", "None")),
    ),
    Setting("reading.text_size", 12, "Corner text size", "Height of the text in a viewport.", (), 12, 18, "px"),
    Setting(
        "reading.cine_rate",
        15,
        "Cine speed",
        "Images a second when the file does not state its own speed.",
        (),
        1,
        60,
        "images/s",
    ),
    Setting(
        "ai.show",
        "at_once",
        "Show AI",
        "When AI scores and marks may appear. Looking first, without AI, is a way of reading.",
        (("at_once", "At once"), ("all_seen", "After every slice was seen"), ("on_request", "Only when X is pressed")),
    ),
    Setting(
        "ai.explanation",
        "off",
        "Explanation at start",
        "What of an explanation is drawn when a series is opened.",
        (("off", "Off"), ("outline", "Outline"), ("heat", "Heat")),
    ),
    Setting(
        "ai.method",
        "LayerGradCam",
        "Explanation method",
        "LayerGradCam is there at once; IntegratedGradients is finer and takes seconds; Occlusion takes longest.",
        (
            ("LayerGradCam", "LayerGradCam"),
            ("IntegratedGradients", "IntegratedGradients"),
            ("Occlusion", "Occlusion"),
        ),
    ),
    Setting("ai.opacity", 0.55, "Opacity of heat", "How strongly heat covers the image at most.", (), 0.1, 0.8),
    Setting(
        "ai.threshold",
        0.14,
        "Heat starts at",
        "Share of the map's maximum below which heat is clear.",
        (),
        0.0,
        0.9,
    ),
    Setting(
        "ai.colormap",
        "inferno",
        "Colour map",
        "Colours of heat. All three rise steadily in lightness, also for colour-blind eyes.",
        (("inferno", "Inferno"), ("viridis", "Viridis"), ("cividis", "Cividis")),
    ),
    Setting(
        "ai.device",
        "auto",
        "Run models on",
        "Automatic takes a graphics card if there is one.",
        (
            ("auto", "Automatic"),
            ("cuda", "Graphics card (CUDA)"),
            ("mps", "Apple graphics (MPS)"),
            ("cpu", "Processor"),
        ),
        restart=True,
    ),
    Setting("ai.batch", 8, "Slices read together", "Fewer need less memory; the program halves it itself.", (), 1, 64),
    Setting(
        "ai.read_first",
        [],
        "Your reading first",
        "These models stay hidden until the reader has given an opinion of their own; the order is kept with it.",
    ),
    Setting(
        "worklist.max_wait_stat",
        30,
        "Longest wait, STAT",
        "A study that has waited for three quarters of this goes to the top of its class, whatever its score.",
        (),
        5,
        1440,
        "min",
    ),
    Setting(
        "worklist.max_wait_urgent",
        120,
        "Longest wait, urgent",
        "A study that has waited for three quarters of this goes to the top of its class, whatever its score.",
        (),
        5,
        10080,
        "min",
    ),
    Setting(
        "worklist.max_wait_routine",
        480,
        "Longest wait, routine",
        "A study that has waited for three quarters of this goes to the top of its class, whatever its score.",
        (),
        5,
        43200,
        "min",
    ),
    Setting(
        "triage.films",
        True,
        "Read films without header",
        "Pictures dropped on the worklist are taken for chest films although nothing says so; their rows say it.",
        shown_on="worklist",
    ),
    Setting(
        "triage.watch_folder",
        "",
        "Watched folder",
        "Files that are put into this folder come to the worklist by themselves.",
        shown_on="worklist",
    ),
    Setting(
        "opinions.reader",
        "",
        "Your name",
        "Stands beside your opinions and in the audit. Without it the name of the login is used.",
        shown_on="worklist",
    ),
    Setting(
        "keys.overrides",
        {},
        "Keys",
        "Keys that differ from the table of commands: command id and its keys. Clashes are refused.",
    ),
    Setting(
        "display.greyscale",
        False,
        "This screen shows greys only",
        "Heat is not offered on such a screen: turned to grey it looks like a denser lesion. Outline stays.",
    ),
    Setting(
        "display.high_contrast",
        False,
        "High contrast",
        "Black surfaces, white text, wider borders. The system's own switch does the same.",
    ),
    Setting(
        "display.chrome_brightness",
        100,
        "Brightness of the window around the images",
        "Never changes the images.",
        (),
        60,
        100,
        "%",
    ),
    Setting(
        "privacy.hide_names",
        False,
        "Hide names at start",
        "Names, ids and birth dates are hidden when the program starts (for shared screens).",
    ),
    Setting(
        "privacy.keep_recent",
        True,
        "Remember what was opened",
        "Keeps the paths of the last ten openings on this computer.",
    ),
    Setting(
        "privacy.keep_open",
        True,
        "Offer what was open after a crash",
        "Notes which studies are open and notes that are being written, for you alone, until the program ends.",
    ),
    Setting(
        "language.language",
        "system",
        "Language",
        "Language of the program. Texts of the files are never translated.",
        (("system", "As the system"), ("en", "English"), ("zh_CN", "简体中文")),
        restart=True,
    ),
    Setting(
        "system.image_cache_mb",
        1024,
        "Memory for images",
        "Decoded images are kept up to this size, so that scrolling is immediate.",
        (),
        128,
        65536,
        "MB",
    ),
    Setting(
        "library.url",
        "",
        "Library",
        "Address of a PostgreSQL database that several workstations share. Empty: a file on this computer.",
        restart=True,
        shown_on="system",
    ),
    Setting(
        "admin.trainers",
        [],
        "Who may train and promote models",
        "Login names. Empty: everybody who uses this computer.",
        level="site",
        shown_on="system",
    ),
    Setting(
        "system.explanation_cache_mb",
        128,
        "Memory for explanations",
        "Explanations are kept up to this size, so that they need not be computed again.",
        (),
        16,
        4096,
        "MB",
        restart=True,
    ),
)

#: Every setting by key.
SETTINGS: dict[str, Setting] = {setting.key: setting for setting in _DECLARED}
