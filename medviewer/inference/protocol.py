"""What the window's process and the model process say to each other (over core.child; arrays as parcels).

Requests carry `id`; every request ends with exactly one `done` or `failed` of that id, whatever happens.
No patient data crosses: arrays, spacings and numbers only.
"""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from medviewer.core.values import pack, unpack


class ProtocolError(Exception):
    """A message that is none of ours: the two sides do not fit together."""


@dataclass(frozen=True)
class Item:
    """One image for a model.

    Attributes:
        index: the caller's number for it, handed back.
        array: parcel of modality values [row, column] (or uint8 RGB [row, column, 3]).
        spacing: (row, column) mm per pixel, None where unknown.
        inverted: greys turn round before anything else (MONOCHROME1).
        padding: parcel of bool [row, column], True where no patient is; None where there is none.
    """

    index: int
    array: dict[str, Any]
    spacing: tuple[float, float] | None = None
    inverted: bool = False
    padding: dict[str, Any] | None = None


@dataclass(frozen=True)
class Copy:
    """A lighter copy to answer with: its file (absolute path), the hash that it was tested with, its kind."""

    path: str
    sha256: str
    kind: str


@dataclass(frozen=True)
class Message:
    """Base of all messages; `kind` tells them apart on the wire."""

    kind: ClassVar[str] = ""
    id: int = 0


@dataclass(frozen=True)
class Predict(Message):
    """Score a batch. `patch`: the arrays are training patches (centre scored, no mask), not whole slices.

    `copy`: used on the processor where it can be; `done.device` tells what answered ("cpu", "cpu, int8 copy").
    """

    kind: ClassVar[str] = "predict"
    model: str = ""  # model folder (absolute path)
    sha256: str = ""  # of its weights, as verified by the caller; the engine refuses anything else
    device: str = "auto"
    batch: int = 8
    patch: bool = False
    items: tuple[Item, ...] = ()
    copy: Copy | None = None


@dataclass(frozen=True)
class Explain(Message):
    """Attribute `target`'s logit to the pixels of one image. Answers: `map` (several while it refines), `done`."""

    kind: ClassVar[str] = "explain"
    model: str = ""
    sha256: str = ""
    device: str = "auto"
    item: Item = Item(0, {})
    target: str = ""
    method: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Warm(Message):
    """Import torch, load the model, run it once, so that the first real answer is quick."""

    kind: ClassVar[str] = "warm"
    model: str = ""
    sha256: str = ""
    device: str = "auto"


@dataclass(frozen=True)
class Devices(Message):
    """Ask which devices this process can use; `done.result` is {"devices": [...], "torch": version}."""

    kind: ClassVar[str] = "devices"


@dataclass(frozen=True)
class Cancel(Message):
    """End request `id` at its next internal batch; it is answered with `failed`, code "cancelled"."""

    kind: ClassVar[str] = "cancel"


@dataclass(frozen=True)
class Scored(Message):
    """Answers for some items of a Predict, as soon as they are there: packed core.findings.SliceScore each."""

    kind: ClassVar[str] = "scored"
    scores: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class Mapped(Message):
    """A (perhaps still refining) map: parcel float32 [row, column] with NaN, and Explanation's other fields."""

    kind: ClassVar[str] = "map"
    array: dict[str, Any] = field(default_factory=dict)
    meta: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Progress(Message):
    """How far an Explain is: `done` of `total` net runs."""

    kind: ClassVar[str] = "progress"
    done: int = 0
    total: int = 0


@dataclass(frozen=True)
class Notice(Message):
    """A sentence the reader must see ("The graphics card is full. Reading goes on with the processor")."""

    kind: ClassVar[str] = "notice"
    text: str = ""


@dataclass(frozen=True)
class Done(Message):
    """The request is finished."""

    kind: ClassVar[str] = "done"
    device: str = ""
    result: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Failed(Message):
    """The request has no (further) answer: a stable code, one sentence, and for a defect what happened where."""

    kind: ClassVar[str] = "failed"
    code: str = "defect"
    sentence: str = ""
    details: str = ""


KINDS: dict[str, type[Message]] = {
    c.kind: c for c in (Predict, Explain, Warm, Devices, Cancel, Scored, Mapped, Progress, Notice, Done, Failed)
}


def to_wire(message: Message) -> dict[str, Any]:
    """Return the JSON object of a message."""
    return {"kind": message.kind, **pack(message)}


def from_wire(data: dict[str, Any]) -> Message:
    """Return the message of a JSON object.

    Raises:
        ProtocolError: unknown kind or fields.
    """
    try:
        fields = dict(data)
        return unpack(KINDS[fields.pop("kind")], fields)
    except (KeyError, TypeError, ValueError) as bad:
        raise ProtocolError(str(type(bad))) from bad
