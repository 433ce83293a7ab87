"""Why a download failed, in one sentence for a reader, with what to do about it."""

import errno
import os
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SIGN_IN = "open any page in a browser, sign in to the network, and try again"
BUNDLE = "REQUESTS_CA_BUNDLE"
STATUS = {
    403: "the server answered 403, as filters do: ask whoever runs this network",
    407: "the proxy asks for a password (407): set http://name:password@host:port as HTTPS_PROXY",
    429: "the server answered 429, too many requests from this network: try again in an hour",
    511: f"the network asks for a sign-in (511): {SIGN_IN}",
}
TOO_EARLY, EXPIRED, OTHER_HOST = 9, 10, 62  # OpenSSL's numbers of what is wrong with a certificate
UNKNOWN_ISSUER = (18, 19, 20, 21)


class SignInPage(Exception):
    """A page of HTML came in place of the file, with status 200."""


def require_no_page(path: Path) -> None:
    """Raise SignInPage if the file received is a web page."""
    with path.open("rb") as file:
        start = file.read(512).lstrip().lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<head", b"<script", b"<meta")):
        raise SignInPage


def explain(fault: Exception, folder: Path) -> str:
    """What went wrong, and what to do.

    Args:
        fault: raised by requests, pooch or the file system.
        folder: where the file was to be written.
    """
    import requests

    faults = list(_chain(fault))
    if any(isinstance(each, SignInPage) for each in faults):
        return f"a web page came in place of the file, as from a network with a sign-in: {SIGN_IN}"
    if "CA certificate bundle" in str(fault):
        named = os.environ.get(BUNDLE) or os.environ.get("CURL_CA_BUNDLE")
        place = Path(named).absolute() if named else "of certifi"
        return (
            f"the file of certificates {place} is not there: let {BUNDLE} name one "
            "that is, or unset it"
        )
    if isinstance(fault, requests.exceptions.RequestException):
        return _explain_connection(fault, faults)
    if isinstance(fault, OSError):
        return _explain_file(faults, folder)
    return "the bytes received are not MNIST's: try another network, or ask for a copy of mnist.npz"


def _explain_connection(fault: Any, faults: list[BaseException]) -> str:
    import requests

    if isinstance(fault, requests.exceptions.HTTPError) and fault.response is not None:
        status = fault.response.status_code
        return STATUS.get(status, f"the server answered {status}: try again later")
    wrong_proxy = (requests.exceptions.ProxyError, requests.exceptions.InvalidProxyURL)
    if isinstance(fault, wrong_proxy):
        if "407" in str(fault):
            return STATUS[407]
        return "the proxy that is set cannot be reached: correct HTTPS_PROXY, or unset it"
    if isinstance(fault, requests.exceptions.SSLError):
        return _explain_certificate(faults)
    if any(isinstance(each, socket.gaierror) for each in faults):
        return "the server's name cannot be looked up (DNS): check that this machine is online"
    if isinstance(fault, requests.exceptions.Timeout):
        return "the network did not answer in time, or was too slow: try again, or another network"
    codes = {each.errno for each in faults if isinstance(each, OSError)}
    if codes & {errno.ENETUNREACH, errno.EHOSTUNREACH}:
        return (
            "no way leads from this network to the server, as where there is none or IPv6 alone: "
            "try another network"
        )
    return "there is no network, or the connection broke: check the network, and try again"


def _explain_certificate(faults: list[BaseException]) -> str:
    codes = [each.verify_code for each in faults if isinstance(each, ssl.SSLCertVerificationError)]
    code = codes[0] if codes else None
    if code in (TOO_EARLY, EXPIRED):
        return (
            "the server's certificate does not hold at the time of this machine's clock, "
            f"{time.strftime('%Y-%m-%d %H:%M')}: set the clock if it is wrong"
        )
    if code == OTHER_HOST:
        return f"the certificate received is another server's, as from a sign-in page: {SIGN_IN}"
    if code in UNKNOWN_ISSUER:
        return (
            "the certificate received is from an issuer that this machine does not trust, as from "
            f"a school's proxy: let {BUNDLE} name the file with that issuer's certificate"
        )
    return "no secure connection came about (TLS): try another network, or ask who runs this one"


def _explain_file(faults: list[BaseException], folder: Path) -> str:
    known = [each for each in faults if isinstance(each, OSError) and each.strerror]
    why = known[0].strerror if known else faults[0]
    help_ = "set VAE_LIB_HOME to a folder with 12 MB to spare"
    if known and known[0].errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None)):
        help_ = f"free 12 MB there, or {help_}"
    return f"cannot write to {folder}: {why}; {help_}"


def _chain(fault: BaseException) -> Iterator[BaseException]:
    """A fault and those that it was made of, each once: libraries wrap them in several ways."""
    waiting, seen = [fault], set()
    while waiting:
        each = waiting.pop(0)
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        inner = [each.__cause__, each.__context__, getattr(each, "reason", None), *each.args]
        waiting += [one for one in inner if isinstance(one, BaseException)]
