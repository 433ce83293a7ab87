"""Each way in which a download fails has a sentence of its own, and a way out."""

import errno
import shutil
import socket
import ssl
import subprocess
import threading
from pathlib import Path

import pytest
import requests

from vae_lib import data, network


def fail(monkeypatch, url="https://127.0.0.1:9/", **environment):
    """What loading MNIST says where the server is at an address that fails."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(data, "MNIST_URL", url)
    monkeypatch.setattr(data, "MNIST_SECONDS", 5)
    monkeypatch.delenv("VAE_LIB_MNIST", raising=False)
    with pytest.raises(OSError, match=r"\w") as refusal:
        data.load_digits("mnist")
    assert "\n" not in str(refusal.value)
    return str(refusal.value)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("NO_PROXY", "")


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_file_of_certificates_that_is_not_there_is_named(monkeypatch, variable):
    named = Path("nowhere", "ca.pem").absolute()
    for given in ("nowhere/ca.pem", str(named)):  # a relative path says nothing of its folder
        said = fail(monkeypatch, **{variable: given})
        assert said.startswith(f"the file of certificates {named} is not there: let REQUESTS_")


def test_a_proxy_that_does_not_answer_is_named(monkeypatch):
    said = fail(monkeypatch, "https://mnist.invalid/", HTTPS_PROXY="http://127.0.0.1:9")
    assert said.startswith("the proxy that is set cannot be reached: correct HTTPS_PROXY")


def test_a_proxy_that_asks_for_a_password_is_named(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer():
            connection, _ = server.accept()
            connection.recv(4096)
            connection.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
            connection.close()

        threading.Thread(target=answer, daemon=True).start()
        proxy = f"http://127.0.0.1:{server.getsockname()[1]}"
        said = fail(monkeypatch, "https://mnist.invalid/", HTTPS_PROXY=proxy)
    assert said.startswith("the proxy asks for a password (407): set http://name:password@")


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (socket.gaierror(-2, "Name or service not known"), "the server's name cannot be looked up"),
        (OSError(errno.ENETUNREACH, "Network is unreachable"), "no way leads from this network"),
        (OSError(errno.EHOSTUNREACH, "No route to host"), "no way leads from this network"),
        (ConnectionRefusedError(errno.ECONNREFUSED, "refused"), "there is no network, or the con"),
    ],
    ids=["DNS", "IPv6 only", "no route", "refused"],
)
def test_a_network_without_a_way_is_told_from_one_without_names(monkeypatch, fault, words):
    def refuse(*arguments, **options):
        raise fault

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    said = fail(monkeypatch, "https://mnist.invalid/")
    assert said.startswith(words)
    assert ": " in said


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (9, "does not hold at the time of this machine's clock, 20"),
        (10, "does not hold at the time of this machine's clock, 20"),
        (18, "an issuer that this machine does not trust, as from a school's proxy: let REQUESTS"),
        (20, "an issuer that this machine does not trust, as from a school's proxy: let REQUESTS"),
        (62, "is another server's, as from a sign-in page: open any page"),
        (None, "no secure connection came about (TLS): try another network"),
    ],
)
def test_what_is_wrong_with_a_certificate_is_told(tmp_path, code, words):
    inner = ssl.SSLError(1, "handshake failure")
    if code is not None:
        inner = ssl.SSLCertVerificationError(1, "certificate verify failed")
        inner.verify_code = code
    wrapped = requests.packages.urllib3.exceptions.MaxRetryError(None, "/", reason=inner)
    said = network.explain(requests.exceptions.SSLError(wrapped), tmp_path)
    assert words in said


@pytest.mark.parametrize("name", ["ENOSPC", "EDQUOT"])
def test_a_quota_is_named_with_the_space_it_takes(tmp_path, name):
    fault = OSError(getattr(errno, name), "Disk quota exceeded")
    said = network.explain(fault, tmp_path)
    assert said.startswith(f"cannot write to {tmp_path}: Disk quota exceeded; free 12 MB there, or")


@pytest.mark.parametrize("start", [b"PK\x03\x04", b"", b"sorry"])
def test_what_is_no_page_is_left_to_the_hash(tmp_path, start):
    (tmp_path / "file").write_bytes(start)
    network.require_no_page(tmp_path / "file")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl, which signs, is not here")
def test_a_real_handshake_with_a_certificate_of_its_own_is_told(tmp_path, monkeypatch):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-subj", "/CN=127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer():
            connection, _ = server.accept()
            with connection, pytest.raises(OSError, match="alert"):
                context.wrap_socket(connection, server_side=True)

        threading.Thread(target=answer, daemon=True).start()
        said = fail(monkeypatch, f"https://127.0.0.1:{server.getsockname()[1]}/")
    assert "an issuer that this machine does not trust" in said
