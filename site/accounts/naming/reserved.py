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
ROLE_WORDS = (
    "admin admins mod mods moderation official officials staff админ админы адмін модер модеры "
    "المشرف المدير"
).split()
# The same, and so long that no other word contains them: not even a part of a word. In the
# languages with most readers; endings of gender, case and number follow them.
ROLE_WORDS_ANYWHERE = (
    "administrator administrador administrateur administratrice amministratore amministratrice "
    "administratör administraator adminisztrátor administrátor administratorė "
    "moderator moderador modérateur modératrice moderatore moderatrice moderaattori moderátor "
    "moderatör moderatorius beheerder ylläpitäjä yönetici správce "
    "администратор адміністратор модератор διαχειριστής συντονιστής "
    "מודרטור אדמין मॉडरेटर व्यवस्थापक प्रशासक ผู้ดูแล quảntrịviên "
    "管理员 管理員 管理者 管理人 版主 运营 モデレーター 運営 관리자 운영자"
).split()
# Words that say nothing more beside a role, or beside reserved words.
FILLERS = (
    "a an the of for and my our your this real true only chief head super senior main global forum "
    "blog page web sys user desk service online"
).split()
