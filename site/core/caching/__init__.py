"""Keep public pages and computed values in memory or in Redis until they are out of date.

- `pages` keeps public pages in each process. A view calls `pages.keep(request, versions)` with the
  versions of what it shows; the page is rebuilt after one of them changes. Use it for pages that
  are the same for everyone. A cached page takes 0.3 ms, one built after a write 4.5 to 6 ms. It
  costs `PUBLIC_PAGE_MEMORY` bytes in each process and up to `PUBLIC_PAGE_CHECK_SECONDS` of delay.
- `wsgi` replays the stored responses of those pages before Django runs; views need not know it.
- `redis_fallback` is the cache in Redis, with the database in its place during an outage.
- `lru` is the memory of `pages`, bounded in bytes; use it for values of very different sizes.
- `reverse` caches the addresses of pages.
"""
