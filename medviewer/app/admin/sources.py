"""Where the pictures of a new data set come from. Plain values: a dialog and a command make them alike."""

from dataclasses import dataclass
from pathlib import Path

#: Shares of the parts fit, select and report.
SHARES = (0.6, 0.2, 0.2)


@dataclass(frozen=True)
class OpinionsSource:
    """The standing opinions of readers on studies that a model has read.

    Attributes:
        model: name of a model; its target is what is positive. Of one that points at places the findings that were
            judged come as patches, of any other the studies as whole films.
        unsure: studies that only unsure readers looked at come too, excluded: somebody may label them later.
    """

    model: str
    unsure: bool = False
    shares: tuple[float, float, float] = SHARES
    seed: int = 0


@dataclass(frozen=True)
class FolderSource:
    """A folder of DICOM files or pictures and a table with the columns file and label (and patient when known).

    Attributes:
        labels: the table; None: labels.csv in the folder.
        target: the label that is positive ("pneumonia"); so are the words of `dataset_labels.POSITIVE`.
        model: name of the model that it is for; "": the one with this target, if there is one.
        use_split: rows whose column split says val make the reporting part.
    """

    folder: Path
    labels: Path | None
    target: str
    model: str = ""
    use_split: bool = False
    shares: tuple[float, float, float] = SHARES
    seed: int = 0


@dataclass(frozen=True)
class PackedSource:
    """A packed .npz or .zip of pictures (the forms of `app.labelled`), or an .npz of patches, with its labels.csv.

    Attributes:
        labels: the table; None: labels.csv beside the pictures.
        target, model, use_split: as in `FolderSource`.
    """

    images: Path
    labels: Path | None
    target: str
    model: str = ""
    use_split: bool = False
    shares: tuple[float, float, float] = SHARES
    seed: int = 0


Source = OpinionsSource | FolderSource | PackedSource
