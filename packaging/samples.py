"""Tiny DICOM files, one of each transfer syntax that can be written here: `PYTHON packaging/samples.py FOLDER`.

Run by the source version's own Python; the smoke test compares what the frozen program makes of the same files. Prints
the UIDs of all transfer syntaxes that are decoded, one a line.
"""

import sys
import zlib
from pathlib import Path

import imagecodecs
import numpy as np
from pydicom import dcmread, dcmwrite
from pydicom.encaps import encapsulate
from pydicom.uid import ExplicitVRBigEndian, ImplicitVRLittleEndian

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from medviewer.app import decoder_samples
from medviewer.dicom.syntaxes import ROOT, SYNTAXES


def deflated(pixels: np.ndarray) -> bytes:
    """Return one raw deflate stream of even length (PS3.5 A.4.13)."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    data = squeeze.compress(pixels.tobytes()) + squeeze.flush()
    return data + b"\0" * (len(data) % 2)


#: What `decoder_samples` does not hold: UID -> how a frame of 12 bits is written.
WRITERS = {
    f"{ROOT}.1.98": lambda p: p.tobytes(),
    f"{ROOT}.8.1": deflated,
    f"{ROOT}.4.51": lambda p: imagecodecs.jpeg8_encode(p, level=98, bitspersample=12),
    f"{ROOT}.4.57": lambda p: imagecodecs.jpeg8_encode(p, lossless=True, predictor=4, bitspersample=12),
    f"{ROOT}.4.81": lambda p: imagecodecs.jpegls_encode(p, level=2),
    f"{ROOT}.4.91": lambda p: imagecodecs.jpeg2k_encode(p, level=70, codecformat="j2k", bitspersample=12),
    f"{ROOT}.4.202": imagecodecs.htj2k_encode,
    f"{ROOT}.4.203": lambda p: imagecodecs.htj2k_encode(p, reversible=False),
}


def main(folder: Path) -> None:
    """Write the files."""
    folder.mkdir(parents=True, exist_ok=True)
    native = None
    for number, (_, data) in enumerate(decoder_samples.files()):
        (folder / f"sample-{number}.dcm").write_bytes(data)
        native = native or folder / f"sample-{number}.dcm"
    assert native is not None
    y, x = np.mgrid[:48, :64]
    pixels = (1000 + 8 * x + 9 * y + (x * y) % 7).astype(np.uint16)
    ds = dcmread(native)
    ds.Rows, ds.Columns, ds.BitsStored, ds.HighBit = *pixels.shape, 12, 11
    for uid in (ImplicitVRLittleEndian, ExplicitVRBigEndian):
        ds.PixelData = pixels.astype("<u2" if uid == ImplicitVRLittleEndian else ">u2").tobytes()
        ds["PixelData"].VR = "OW"
        ds.file_meta.TransferSyntaxUID = uid
        path = folder / f"{uid}.dcm"
        dcmwrite(path, ds, implicit_vr=uid.is_implicit_VR, little_endian=uid.is_little_endian, force_encoding=True)
    for uid, encode in WRITERS.items():
        made = dcmread(folder / f"{ImplicitVRLittleEndian}.dcm")
        made.PixelData = encapsulate([encode(pixels)])
        made["PixelData"].VR, made["PixelData"].is_undefined_length = "OB", True
        made.file_meta.TransferSyntaxUID = uid
        dcmwrite(folder / f"{uid}.dcm", made, implicit_vr=False, little_endian=True, force_encoding=True)
    sys.stdout.write("\n".join(SYNTAXES) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
