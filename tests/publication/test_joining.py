"""Test the domains of e-mail addresses that may have an account, and those that may not."""

import pytest
from django.core.exceptions import ValidationError

from publication.joining import DOMAINS_MAX, read_domains, why_refused
from publication.models import SiteProfile

WRITTEN = " @Example.ORG \n\n*.bücher.example\nxn--bcher-kva.example\nedu\nuni.example.\n"


def test_domains_are_read_in_one_form_each_once() -> None:
    assert read_domains(WRITTEN) == ["example.org", "xn--bcher-kva.example", "edu", "uni.example"]


@pytest.mark.parametrize(
    "line", ["nobody@example.org", "two words", "a..b", "-a.example", "x" * 64, "<script>", "@"]
)
def test_what_is_no_domain_is_named(line: str) -> None:
    with pytest.raises(ValidationError, match="is not a domain"):
        read_domains(f"example.org\n{line}")


def test_there_may_not_be_too_many() -> None:
    with pytest.raises(ValidationError, match="at most 200"):
        read_domains("\n".join(f"a{number}.example" for number in range(DOMAINS_MAX + 1)))


@pytest.mark.parametrize(
    ("email", "is_refused"),
    [
        ("a@uni.example", False),
        ("A+b@Mail.UNI.example", False),
        ("a@notuni.example", True),
        ("a@uni.example.evil.example", True),
        ('"a@uni.example"@evil.example', True),
        ("a@mit.edu", False),
        ("a@bad.uni.example", True),
        ("a@BAD。uni．example", True),
        ("a@[192.0.2.1]", True),
        ("a@" + "x" * 64, True),
        ("nothing", True),
    ],
)
def test_what_stands_behind_the_last_at_decides(email: str, is_refused: bool) -> None:
    profile = SiteProfile(
        domains_allowed=["uni.example", "edu"], domains_refused=["bad.uni.example"]
    )
    assert bool(why_refused(email, profile)) == is_refused


@pytest.mark.parametrize("email", ["a@[127.0.0.1]", "a@[IPv6:::1]", "a@ [192.0.2.1]"])
def test_a_number_of_the_network_is_no_address(email: str) -> None:
    assert "not an e-mail address" in why_refused(email, SiteProfile())
