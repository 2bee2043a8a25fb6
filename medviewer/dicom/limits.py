"""What a hostile or broken file may cost, in one place (DICOM_CHECKLIST C); every limit has a test at it and above."""

MIB, GIB = 2**20, 2**30

FILE_BYTES = 8 * GIB
FOLDER_DEPTH = 64
ZIP_MEMBERS = 200_000
ZIP_MEMBER_BYTES = 4 * GIB
ZIP_TOTAL_BYTES = 50 * GIB  # and never more than half of the free disk
DICOMDIR_BYTES = 64 * MIB
REFERENCE_PARTS = 8  # of a ReferencedFileID (PS3.10 8.2)
NESTING = 64  # sequences within sequences
VALUE_BYTES = MIB  # of one attribute that is not a sequence; longer ones are left out
HEADER_BYTES = 64 * MIB  # of a deflated header, inflated
INFLATED_BYTES = GIB
FRAMES = 65_536
FRAME_BYTES = 2 * GIB
FILM_PIXELS = 100_000_000
TEXT_CHARACTERS = 256
FRAGMENTS = 100_000  # beyond 4 for each frame
