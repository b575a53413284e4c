"""What browsers and caches may keep: a copy, which they have to ask about each time."""

from django.views.decorators.cache import cache_control

# An editor who reloads must see his save. ConditionalGetMiddleware answers 304 where nothing has changed, so that
# asking costs little. No page looks at the session, so none varies by cookie.
revalidate = cache_control(public=True, no_cache=True)
