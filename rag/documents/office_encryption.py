"""Office files with a password (MS-OFFCRYPTO, standard and agile encryption), through msoffcrypto.

Such a file is a compound file that holds the encrypted package. What the package means is the
readers'.
"""

from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, cast

from msoffcrypto import OfficeFile
from msoffcrypto.exceptions import InvalidKeyError

from rag.documents.faults import cannot_decrypt, library_faults, password_needed
from rag.errors import DamagedFile

# A compound file (MS-CFB): an Office document from before 2007, or one with a password.
COMPOUND_FILE = bytes.fromhex("D0CF11E0A1B11AE1")
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
UNASKED = "VelvetSweatshop"  # what Excel encrypts with and opens without asking (2.4.191)


def decrypted(path: Path, file: BinaryIO, password: str) -> BytesIO:
    """The package in an encrypted file, in memory alone.

    Raises `PasswordNeeded`, also where the encryption is none that a password opens.
    """
    package = BytesIO()
    try:
        with library_faults(path, "Office file"):
            office_file = cast(Any, OfficeFile(file))
            _open(office_file, path, password)
            office_file.decrypt(package)
    except DamagedFile as error:
        raise cannot_decrypt(path) from error
    return package


def _open(office_file: Any, path: Path, password: str) -> None:
    try:
        office_file.load_key(password=password or UNASKED, verify_password=True)
    except InvalidKeyError as error:
        raise password_needed(path, was_given=bool(password)) from error
