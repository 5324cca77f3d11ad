"""Signing in to Hootsuite (OAuth 2.0 with a code and PKCE, RFC 6749 and 7636), and the tokens that come of it.

A refresh token can be used once. So one process at a time refreshes, and that it began is written down before it asks.
Where the answer is lost, or was never stored, nobody can tell whether the token was used up: the old access token
serves as long as it holds, then the refresh token is tried once more, and after that a person must sign in again.
"""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from postcheck.errors import UsageError
from postcheck.hootsuite.http import Access, NotSent, Patience, SignInAgain, Unanswered, needed, sent, told_to_wait
from postcheck.hootsuite.store import Store

if TYPE_CHECKING:
    import httpx

_EARLY = 300.0
"""Seconds before its end at which an access token is refreshed: it still holds if the refresh goes wrong."""
_BARELY = 5.0
"""Seconds before its end at which it is not used any more."""
_SIGN_IN_SECONDS = 600.0
"""That a sign-in may take."""
_TRIES = 2
"""With one refresh token, where no answer came."""
_AGAIN = "Sign in again: postcheck hootsuite sign-in."


@dataclass(frozen=True, slots=True)
class _Pair:
    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: float
    begun_with: str
    """SHA-256 of the refresh token that a refresh without an answer was begun with; "" for none."""
    tries: int


class Tokens:
    def __init__(self, store: Store, access: Access) -> None:
        self.store = store
        self.given = access

    # Signing in

    def begin(self, redirect: str) -> str:
        """The address at which a person signs in; Hootsuite then leads them to `redirect`.

        Raises:
            UsageError: the packages are missing, or the store cannot be written.
        """
        needed()
        from authlib.common.security import generate_token
        from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        state, verifier = generate_token(32), generate_token(64)
        now = self.given.clock.now()
        with self.store.writing() as base:
            base.execute("DELETE FROM sign_in WHERE begun_at < ?", (now - _SIGN_IN_SECONDS,))
            base.execute("INSERT INTO sign_in VALUES (?, ?, ?, ?)", (state, verifier, redirect, now))
        return str(
            prepare_grant_uri(
                f"{self.given.api}/oauth2/auth",
                self.given.client_id,
                "code",
                redirect,
                "offline",
                state,
                code_challenge=create_s256_code_challenge(verifier),
                code_challenge_method="S256",
            )
        )

    def finish(self, answer: str) -> None:
        """Take the address to which Hootsuite led the person, and keep the tokens that its code gives.

        The code is asked for once and never again: Hootsuite takes back all tokens of a code that is used twice.

        Raises:
            UsageError: the address belongs to no sign-in that was begun here, or Hootsuite refuses.
        """
        from urllib.parse import parse_qs

        told = {name: values[0] for name, values in parse_qs(urlsplit(answer.strip()).query).items()}
        with self.store.writing() as base:
            row = base.execute(
                "SELECT * FROM sign_in WHERE state = ? AND begun_at >= ?",
                (told.get("state", ""), self.given.clock.now() - _SIGN_IN_SECONDS),
            ).fetchone()
            base.execute("DELETE FROM sign_in WHERE state = ?", (told.get("state", ""),))
        if row is None:
            raise UsageError(
                "This address belongs to no sign-in of the last ten minutes. Begin anew, and paste the whole address."
            )
        if "code" not in told:
            raise UsageError("Hootsuite did not let this account in. Begin anew: postcheck hootsuite sign-in.")
        asked = {
            "grant_type": "authorization_code",
            "code": told["code"],
            "redirect_uri": row["redirect"],
            "code_verifier": row["verifier"],
        }
        with self.store.lock("refresh"), self.given.client() as client:
            response = self._asked(client, asked)
            if response.status_code != 200:
                raise UsageError(f"Hootsuite refused the sign-in ({_error(response)}). Begin anew.")
            self._keep(response, before="")

    def sign_out(self) -> None:
        """Forget the tokens."""
        with self.store.writing() as base:
            base.execute("DELETE FROM tokens")

    @property
    def is_signed_in(self) -> bool:
        return self._pair() is not None

    @property
    def member(self) -> str:
        """Hootsuite's number of who is signed in; "" until it was asked for."""
        with self.store.reading() as base:
            row = base.execute("SELECT member FROM tokens").fetchone()
        return str(row["member"]) if row else ""

    def note_member(self, member: str) -> None:
        with self.store.writing() as base:
            base.execute("UPDATE tokens SET member = ?", (member,))

    # Using and refreshing

    def access(self, rejected: str = "") -> str:
        """A token that is to be taken. `rejected`: one that Hootsuite takes no more, whatever it was said to last.

        Raises:
            SignInAgain: nobody is signed in, or the sign-in holds no longer.
            Unanswered: Hootsuite gives no answer, and the old token holds no longer.
            UsageError: Hootsuite refuses postcheck itself (client id or secret).
        """
        pair = self._signed_in()
        if pair.access != rejected and not self._is_to_be_refreshed(pair):
            return pair.access
        with self.store.lock("refresh"):
            pair = self._signed_in()  # another process may have done it meanwhile
            if pair.access != rejected and not self._is_to_be_refreshed(pair):
                return pair.access
            try:
                return self._refreshed(pair)
            except (NotSent, Unanswered) as error:
                if pair.access != rejected and self._holds(pair):
                    return pair.access
                raise Unanswered(f"{error} The sign-in to Hootsuite could not be renewed: try again later.") from None

    def _is_to_be_refreshed(self, pair: _Pair) -> bool:
        """Where a refresh without an answer was begun with this token, not before the old one is at its end."""
        if _is_begun(pair):
            return not self._holds(pair)
        return self.given.clock.now() >= pair.expires_at - _EARLY

    def _holds(self, pair: _Pair) -> bool:
        return self.given.clock.now() < pair.expires_at - _BARELY

    def _refreshed(self, pair: _Pair) -> str:
        was_begun = _is_begun(pair)
        if was_begun and pair.tries >= _TRIES:
            raise self._lost()
        with self.given.client() as client:
            patience = Patience(self.given.clock)
            while True:
                self._note_begun(pair)
                try:
                    response = self._asked(client, {"grant_type": "refresh_token", "refresh_token": pair.refresh})
                except NotSent:
                    self._note_not_begun(pair)
                    raise
                if response.status_code == 429:  # refused before anything was done
                    self._note_not_begun(pair)
                    if patience.wait(told_to_wait(response, self.given.clock.now())):
                        continue
                    raise NotSent("Hootsuite takes no more requests for now.")
                break
        if response.status_code == 200:
            return self._keep(response, before=pair.refresh)
        if response.status_code >= 500:
            raise Unanswered(f"Hootsuite failed (status {response.status_code}).")
        if _error(response) == "invalid_client":
            self._note_not_begun(pair)
            raise UsageError("Hootsuite does not know postcheck: look at client_id and POSTCHECK_HOOTSUITE_SECRET.")
        if was_begun:
            raise self._lost()
        self.sign_out()
        raise SignInAgain(f"Hootsuite ended the sign-in ({_error(response)}). {_AGAIN}")

    def _lost(self) -> SignInAgain:
        self.sign_out()
        return SignInAgain(
            f"The sign-in to Hootsuite was being renewed when that broke off, and the new token is lost. {_AGAIN}"
        )

    def _asked(self, client: httpx.Client, form: dict[str, str]) -> httpx.Response:
        return sent(client, "POST", "/oauth2/token", data=form, auth=(self.given.client_id, self.given.secret))

    def _keep(self, response: httpx.Response, before: str) -> str:
        """Store the new pair before anybody uses it. `before`: the refresh token that stays where no new one came."""
        try:
            told = response.json()
            access, refresh = told["access_token"], told.get("refresh_token") or before
            seconds = float(told.get("expires_in", 3600))
            if not (isinstance(access, str) and access and isinstance(refresh, str)):
                raise ValueError
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Unanswered("Hootsuite's answer holds no token.") from None
        with self.store.writing() as base:
            base.execute(
                "INSERT INTO tokens (id, access, refresh, expires_at) VALUES (1, ?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET access = excluded.access, refresh = excluded.refresh,"
                " expires_at = excluded.expires_at,"
                " member = CASE WHEN ? THEN member ELSE '' END,"
                " refresh_begun_at = NULL, refresh_begun_with = NULL, refresh_tries = 0",
                (access, refresh, self.given.clock.now() + seconds, bool(before)),
            )
        return access

    def _note_begun(self, pair: _Pair) -> None:
        with self.store.writing() as base:
            base.execute(
                "UPDATE tokens SET refresh_begun_at = ?, refresh_begun_with = ?, refresh_tries = ?",
                (self.given.clock.now(), _hash(pair.refresh), pair.tries + 1),
            )

    def _note_not_begun(self, pair: _Pair) -> None:
        """As it was: this try did nothing."""
        with self.store.writing() as base:
            base.execute(
                "UPDATE tokens SET refresh_begun_with = ?, refresh_tries = ?", (pair.begun_with or None, pair.tries)
            )

    def _signed_in(self) -> _Pair:
        pair = self._pair()
        if pair is None:
            raise SignInAgain("Nobody is signed in to Hootsuite. Sign in: postcheck hootsuite sign-in.")
        return pair

    def _pair(self) -> _Pair | None:
        with self.store.reading() as base:
            row: sqlite3.Row | None = base.execute("SELECT * FROM tokens").fetchone()
        if row is None:
            return None
        begun_with = row["refresh_begun_with"] or ""
        return _Pair(row["access"], row["refresh"], row["expires_at"], begun_with, row["refresh_tries"])


def _is_begun(pair: _Pair) -> bool:
    return pair.begun_with == _hash(pair.refresh)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _error(response: httpx.Response) -> str:
    """The code of an OAuth error (RFC 6749, 5.2). Its words are left out: they may quote the request."""
    try:
        told: Any = response.json()
        code = str(told.get("error", ""))
    except (ValueError, AttributeError):
        code = ""
    return code if code.replace("_", "").isalpha() else f"status {response.status_code}"
