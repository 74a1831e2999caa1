"""List the words that nobody may take as a handle or as a name."""

# Handles and names that would pass for the site's own, and parts of its addresses.
RESERVED = (
    "about abuse account accounts admin administrator anonymous answer api archive author "
    "authors comment comments contact counterpoint deleted editor editors everybody everyone "
    "feed feeds former-reader guest help hostmaster imprint info legal login logout mail me "
    "media mod mods moderation moderator moderators news nobody noreply null official owner "
    "post posts postmaster preview privacy root rules search security series settings signup site "
    "sitemap staff static studio support system team undefined webmaster www you"
).split()
# Words that claim a role: not even a part of a name.
ROLE_WORDS = "admin administrator moderator moderators moderation official staff".split()
