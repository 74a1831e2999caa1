"""List every page of the site, and add the rows they need, for tests that open all of them."""

import json
from collections import Counter
from dataclasses import dataclass, field

from tests.browser.site import BrowserSite

POST = "management-and-leadership"
SECOND = "the-two-duties"
ANYBODY = ""
# Somebody whose handle and name are as long as they may be.
LONG_NAME = "w" * 30

FURNISH = "from tests.browser.furnish import furnish; furnish()"


@dataclass(frozen=True)
class GalleryPage:
    """A page: its route, its address, and the person who opens it."""

    route: str
    address: str
    who: str = ANYBODY
    status: int = 200
    name: str = ""

    def __str__(self) -> str:
        return f"{self.name or self.route} as {self.who or 'anybody'}"


@dataclass(frozen=True)
class Gallery:
    """A site with rows for every page, and the ids of these rows."""

    site: BrowserSite
    ids: dict[str, int | str] = field(default_factory=dict)

    def url(self, page: GalleryPage) -> str:
        """Return the address of `page` on this site."""
        return self.site.url + page.address.format(**self.ids)


def furnish(site: BrowserSite) -> Gallery:
    """Add rows for every page to `site`."""
    printed = site.manage("shell", "--no-imports", "-c", FURNISH)
    return Gallery(site, json.loads(printed.splitlines()[-1]))


def of(route: str, address: str, who: str, name: str = "") -> GalleryPage:
    """Return a page as the person `who` opens it."""
    return GalleryPage(route, address, who, name=name)


PAGES = [
    GalleryPage("posts:home", "/"),
    of("posts:home", "/", "reader"),
    GalleryPage("posts:detail", f"/posts/{POST}/"),
    of("posts:detail", f"/posts/{POST}/", "reader"),
    of("posts:detail", f"/posts/{POST}/?stance=same&sort=newest", "reader", "filtered"),
    of("posts:detail", f"/posts/{POST}/", "suspended"),
    of("posts:detail", "/posts/{again_slug}/", "both-1", "asked again"),
    GalleryPage("comments:stances", "/posts/{again_slug}/stances/", name="asked again"),
    GalleryPage("posts:detail", "/posts/nowhere/", status=404, name="not found"),
    GalleryPage("posts:archive", "/archive/"),
    GalleryPage("posts:archive", "/archive/?by=series", name="by series"),
    GalleryPage("posts:series-list", "/series/"),
    GalleryPage("posts:series-detail", "/series/managing-and-leading/"),
    GalleryPage("posts:about", "/about/"),
    GalleryPage("posts:rules", "/rules/"),
    GalleryPage("posts:privacy", "/privacy/"),
    GalleryPage("posts:imprint", "/imprint/"),
    of("posts:site-settings", "/settings/site/", "admin"),
    of("people:invitations", "/settings/site/invitations/", "admin"),
    of("deliverability:articles", "/settings/articles/", "admin"),
    of("subscribers:subscribers", "/settings/subscribers/", "admin"),
    of("subscribers:followers", "/settings/subscribers/list/", "admin"),
    of("subscribers:import", "/settings/subscribers/imports/{subscribers}/", "admin"),
    GalleryPage("people:invitation", "/invitation/used/", status=410),
    of("comments:requests", "/moderation/requests/", "moderator"),
    of("posts:site-setup", "/settings/site/setup/", "admin"),
    of("posts:site-setup-article", "/settings/site/setup/article/", "admin"),
    of("posts:site-setup-reading", "/settings/site/setup/article/{draft}/", "admin"),
    GalleryPage("comments:permalink", "/comments/{own}/"),
    GalleryPage("comments:permalink", "/comments/{removed}/", status=410, name="gone"),
    of("comments:permalink", "/comments/{removed}/", "reader", "gone, by its writer"),
    of("comments:permalink", "/comments/{removed}/", "moderator", "gone"),
    GalleryPage("comments:profile", "/@{erased}/", name="erased"),
    GalleryPage("comments:history", "/comments/{old}/history/"),
    GalleryPage("comments:well-argued", "/comments/{root}/well-argued/"),
    of("comments:well-argued", "/comments/{root}/well-argued/", "reader"),
    GalleryPage("comments:verdict", "/comments/{steelman}/verdict/"),
    of("comments:verdict", "/comments/{steelman}/verdict/", "reader"),
    GalleryPage("comments:changes", "/comments/{root}/changes/"),
    of("comments:changes", "/comments/{root}/changes/", "reader"),
    GalleryPage("comments:post-changes", f"/posts/{POST}/changes/"),
    of("comments:post-changes", f"/posts/{POST}/changes/", "reader"),
    GalleryPage("posts:wordings", f"/posts/{POST}/wordings/"),
    GalleryPage("comments:stances", f"/posts/{POST}/stances/"),
    GalleryPage("comments:closing", f"/posts/{POST}/closing/"),
    of("comments:closing", f"/posts/{POST}/closing/", "reader"),
    of("comments:closing-edit", f"/posts/{POST}/closing/edit/", "author"),
    GalleryPage("comments:text", "/comments/{old}/text/"),
    GalleryPage("comments:profile", "/@reader/"),
    of("comments:profile", "/@reader/", "moderator"),
    of("comments:profile", f"/@{LONG_NAME}/", LONG_NAME, "with a long name"),
    GalleryPage("comments:answer", f"/posts/{POST}/answer/?stance=same"),
    of("comments:answer", f"/posts/{POST}/answer/?stance=same", "reader"),
    of("comments:answer", f"/posts/{POST}/answer/?parent={{root}}", "reader", "reply"),
    of("comments:answer", f"/posts/{POST}/answer/?parent={{steelman}}", "reader", "with a draft"),
    of("comments:answer", f"/posts/{POST}/answer/", "waiting", "waiting for approval"),
    of("posts:detail", f"/posts/{POST}/", "waiting", "an article while waiting"),
    of("comments:edit", "/comments/{own}/edit/", "reader"),
    of("comments:deletion", "/comments/{own}/deletion/", "reader"),
    of("comments:flags", "/comments/{root}/flags/", "reader"),
    of("comments:me", "/me/notifications/", "reader"),
    of("comments:unsent", "/me/notifications/not-sent/", "reader"),
    of("comments:feed-address", "/me/notifications/feed/", "reader"),
    of("comments:my-comments", "/me/comments/", "reader"),
    of("comments:my-saved", "/me/saved/", "reader"),
    of("comments:my-saved", "/me/saved/?kind=comment&removed=post-1-1", "reader", "one type"),
    of("comments:my-saved", "/me/saved/", "suspended", "empty"),
    of("comments:my-drafts", "/me/drafts/", "reader"),
    of("comments:my-settings", "/me/settings/", "reader"),
    of("following:mine", "/me/following/", "reader"),
    GalleryPage("following:follow", "/follow/post/{post}/"),
    of("following:follow", "/follow/series/{series}/", "reader"),
    GalleryPage("following:asked", "/follow/asked/"),
    GalleryPage("following:confirm", "/follow/confirm/used/", status=410),
    GalleryPage("following:confirm", "/follow/confirm/{mailed}/", name="to be confirmed"),
    GalleryPage("following:by-mail", "{followed_by_mail}"),
    of("notifications:mail-settings", "/me/notifications/settings/", "reader"),
    of("notifications:mail-settings", "/me/notifications/settings/?saved=1", "reader", "saved"),
    GalleryPage("notifications:mail-stop", "/mail/{mail_link}/"),
    GalleryPage("notifications:mail-stop", "/mail/forged/", status=404, name="forged"),
    of("comments:erasure", "/me/erasure/", "reader"),
    GalleryPage("comments:erased", "/me/erasure/done/"),
    of("people:account", "/me/account/", "reader"),
    of("people:handle", "/me/handle/", "reader"),
    GalleryPage("people:restoration", "/restoration/used/", status=410),
    of("comments:moderation", "/moderation/", "moderator"),
    of("comments:moderation-case", "/moderation/comments/{held}/", "moderator", "held case"),
    of("comments:moderation-case", "/moderation/comments/{flagged}/", "moderator", "flagged case"),
    of("comments:removal", "/comments/{flagged}/removal/", "moderator"),
    of("comments:change-removal", "/changes/{change}/removal/", "moderator"),
    of("comments:change-removal", "/changes/{gone}/removal/", "moderator", "removed"),
    of("comments:log", "/moderation/log/", "moderator"),
    of("comments:people", "/moderation/people/", "admin"),
    of("comments:jobs", "/moderation/jobs/", "admin"),
    of("comments:suspension", "/@suspended/suspension/", "moderator"),
    of("comments:suspension", "/@reader/suspension/", "moderator", "free"),
    of("comments:lock", "/comments/{root}/lock/", "moderator"),
    of("comments:discussion-close", f"/posts/{POST}/discussion/close/", "moderator"),
    GalleryPage("comments:moderation", "/moderation/", "reader", status=404, name="hidden"),
    of("notifications:mail-settings", "/me/notifications/settings/", "reader"),
    of("notifications:mail-settings", "/me/notifications/settings/?saved=1", "reader", "saved"),
    GalleryPage("notifications:mail-stop", "/mail/{mail_link}/"),
    GalleryPage("notifications:mail-stop", "/mail/forged/", status=404, name="forged"),
    GalleryPage("posts:studio", "/studio/", "reader", status=403, name="refused"),
    of("posts:studio", "/studio/", "author"),
    of("posts:studio-post-create", "/studio/posts/new/", "author"),
    of("posts:studio-post", "/studio/posts/{post}/", "author"),
    of("posts:studio-post", "/studio/posts/{draft}/", "author", "draft"),
    of("posts:studio-publication-undo", "/studio/posts/{post}/publication/undo/", "author"),
    of("posts:studio-newsletter", "/studio/posts/{post}/e-mail/", "author"),
    of("posts:studio-bin", "/studio/bin/", "author"),
    of("posts:studio-binning", "/studio/posts/{draft}/bin/", "author"),
    of("posts:studio-question", "/studio/posts/{post}/question/", "author"),
    of("posts:studio-question", "/studio/posts/{again}/question/", "author", "asked again"),
    of("posts:studio-question", "/studio/posts/{draft}/question/", "author", "not asked yet"),
    of("posts:studio-question-removal", "/studio/posts/{draft}/question/removal/", "author"),
    of("posts:detail", f"/posts/{SECOND}/", "author", "sealed"),
    of(
        "comments:answer",
        f"/posts/{SECOND}/answer/?parent={{second_root}}",
        "author",
        "sealed reply",
    ),
    of("posts:studio-sealed-answer", "/studio/posts/{second}/sealed-answer/", "author"),
    of(
        "posts:studio-sealed-answer-removal",
        "/studio/posts/{second}/sealed-answer/removal/",
        "author",
    ),
    of("posts:studio-promises", "/studio/posts/{post}/promises/", "author"),
    of("posts:studio-promise", "/studio/posts/{post}/promises/{promise}/", "author"),
    of(
        "posts:studio-promise-removal", "/studio/posts/{post}/promises/{promise}/removal/", "author"
    ),
    of("posts:studio-series-create", "/studio/series/new/", "author"),
    of("posts:studio-series", "/studio/series/{series}/", "author"),
    of("posts:studio-part", "/studio/series/{series}/parts/{part}/", "author"),
    of("posts:studio-part-removal", "/studio/series/{series}/parts/{part}/removal/", "author"),
    of("posts:preview", "{preview}", "author"),
    GalleryPage("account_login", "/accounts/login/"),
    GalleryPage("account_signup", "/accounts/signup/"),
    GalleryPage("account_request_login_code", "/accounts/login/code/"),
    GalleryPage("account_reset_password", "/accounts/password/reset/"),
    GalleryPage("account_reset_password_done", "/accounts/password/reset/done/"),
    GalleryPage("account_reset_password_from_key", "/accounts/password/reset/key/1-set-password/"),
    GalleryPage("account_reset_password_from_key_done", "/accounts/password/reset/key/done/"),
    GalleryPage("account_inactive", "/accounts/inactive/"),
    of("account_logout", "/accounts/logout/", "reader"),
    of("account_email", "/accounts/email/", "reader"),
    of("account_change_password", "/accounts/password/change/", "reader"),
    of("account_reauthenticate", "/accounts/reauthenticate/", "reader"),
    of("mfa_index", "/accounts/2fa/", "reader"),
    of("mfa_index", "/accounts/2fa/", "both-2", "with factors"),
    of("mfa_list_webauthn", "/accounts/2fa/webauthn/", "both-2"),
    of("mfa_reauthenticate", "/accounts/2fa/reauthenticate/", "both-2"),
    of("mfa_reauthenticate_webauthn", "/accounts/2fa/webauthn/reauthenticate/", "both-2"),
    of("comments:me", "/me/notifications/", "staff", "in the week of grace"),
    of("account_request_reauthentication_code", "/accounts/reauthenticate/code/", "reader"),
]


def page_names() -> list[str]:
    """Return a name of its own for each of `PAGES`, in their order, by which a test is called."""
    seen: Counter[str] = Counter()
    names = []
    for page in map(str, PAGES):
        seen[page] += 1
        names.append(page if seen[page] == 1 else f"{page}, {seen[page]}")
    return names


# Routes without a page in the gallery, and the reason.
NO_PAGE = {
    **dict.fromkeys(
        (
            "healthz",
            "readyz",
            "robots",
            "security-txt",
            "sitemap",
            "posts:feed",
            "publication:manifest",
            "deliverability:webhook",
        ),
        "for machines",
    ),
    "publication:look": "a style sheet",
    "pictures:picture": "a picture",
    "posts:site-preview-look": "a style sheet",
    "comments:me-start": "leads to the inbox",
    "comments:private-feed": "for machines",
    "comments:export": "a download",
    "comments:stances-csv": "a download",
    "comments:stances-json": "for machines",
    "comments:participants": "for machines",
    "comments:data": "for machines",
    "comments:draft": "for scripts",
    "comments:post-drafts": "for scripts",
    "comments:text-fragment": "a part of a page",
    "comments:visit": "for a script",
    "comments:my-visits": "for a script",
    "comments:well-argued-split": "a part of a page",
    **dict.fromkeys(
        (
            "comments:withdrawal",
            "comments:well-argued-withdrawal",
            "comments:verdict-withdrawal",
            "comments:change-answer",
            "comments:change-revocation",
            "comments:closing-verdict",
            "comments:closing-withdrawal",
            "comments:change-restoration",
            "comments:draft-removal",
            "comments:draft-removal-undo",
            "comments:me-read",
            "comments:me-read-undo",
            "comments:my-saved-removal",
            "comments:my-saved-removal-undo",
            "comments:saved",
            "comments:saved-post",
            "comments:saved-post-removal",
            "comments:saved-removal",
            "comments:visit-read",
            "comments:visit-read-undo",
            "comments:feed-revocation",
            "notifications:mail-address-again",
            "comments:nudge-dismissal",
            "comments:nudge-dismissal-undo",
            "following:end",
            "following:end-undo",
            "comments:approval",
            "comments:approval-undo",
            "comments:restoration",
            "comments:dismissal",
            "comments:dismissal-undo",
            "comments:detachment",
            "comments:unlock",
            "comments:discussion-open",
            "comments:retag",
            "comments:suspension-end",
            "comments:roles",
            "comments:admission",
            "people:revocation",
            "deliverability:pause",
            "deliverability:go-on",
            "subscribers:follower-removal",
            "subscribers:follower-removal-undo",
            "subscribers:import-start",
            "subscribers:import-removal",
            "comments:job-attempt",
            "posts:studio-preview",
            "posts:studio-pictures",
            "posts:site-settings-undo",
            "posts:site-preview",
            "posts:site-setup-later",
            "posts:studio-binning-undo",
        ),
        "only takes a form, and leads elsewhere",
    ),
    **dict.fromkeys(
        (
            "posts:studio-publication",
            "posts:studio-newsletter-test",
            "posts:studio-question-carrying",
            "posts:studio-parts",
            "posts:studio-part-move",
        ),
        "leads to the page of what it is about",
    ),
    "posts:studio-newsletter-mail": "is the document of a frame on the page of an article's e-mail",
    **dict.fromkeys(
        (
            "account_email_verification_sent",
            "account_confirm_login_code",
            "account_confirm_reauthentication_code",
        ),
        "comes after a code was sent; looked at on the way",
    ),
    **dict.fromkeys(
        (
            "mfa_authenticate",
            "mfa_activate_totp",
            "mfa_deactivate_totp",
            "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes",
            "mfa_add_webauthn",
            "mfa_edit_webauthn",
            "mfa_remove_webauthn",
        ),
        "comes after a confirmation; looked at in test_second_factor",
    ),
    "mfa_download_recovery_codes": "a download",
    "mfa_login_webauthn": "only takes a form, and leads elsewhere",
    "second-factor:qr": "an image",
    "subscribers:subscribers-export": "a download",
    "subscribers:import-loss": "a download",
    "account_set_password": "for accounts without one, which signing up never makes",
}
