"""DICOM and films: from what a user gives to studies in anatomical order, and from a header to pixels.

Reader process (pydicom, imagecodecs, Pillow; it may be killed at any time):
    `sources` -> `archives`, `media`: folders, zips, DICOMDIRs to single files, confined and counted.
    `headers` -> `parse`, `nesting`, `typed`, `stored`, `functional_groups`, `display`, `films`: a file to its header.
    `pixels` -> `decode/`: header and frame to modality values. `worker` serves both, `phantom` writes a test chest.
Window process (no pydicom):
    `pool` -> `readers`, `scanning`: the reader processes seen from outside.
    `grouping` -> `stacks`, `remarks`: headers to studies, series and ordered stacks with the contract's warnings.
Tables of both: `sop_classes`, `syntaxes`, `limits`; `files` opens what nobody vouches for.
"""
