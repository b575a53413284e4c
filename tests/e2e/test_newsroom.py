"""What editors meet in a browser when something comes between them and their text."""

from .browser import log_in


def open_first_story(page, name="editor"):
    log_in(page, name)
    page.goto("/admin/backoffice/story/")
    page.locator("#result_list tbody th a").first.click()


def test_the_preview_shows_what_is_typed(page):
    open_first_story(page)
    page.get_by_label("Headline").fill("Typed, and not saved")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Preview").first.click()
    assert opened.value.locator("h1").inner_text() == "Typed, and not saved"
    page.reload()
    assert page.get_by_label("Headline").input_value() != "Typed, and not saved"


def test_two_editors_on_one_story_see_both_texts(page, new_page):
    other = new_page()
    open_first_story(page)
    open_first_story(other, "admin")
    before = other.get_by_label("Headline").input_value()
    other.get_by_label("Headline").fill("Saved by a colleague")
    other.get_by_role("button", name="Save and continue editing").first.click()
    try:
        page.get_by_label("Body").fill("A long text.")
        page.get_by_role("button", name="Save and continue editing").first.click()
        conflict = page.get_by_role("region", name="Saved by someone else meanwhile")
        assert conflict.get_by_label("Headline").input_value() == "Saved by a colleague"
        assert "admin saved this story at" in page.locator(".errorlist.nonfield").inner_text()
        assert page.locator("#id_body").input_value() == "A long text."
    finally:
        other.get_by_label("Headline").fill(before)
        other.get_by_role("button", name="Save", exact=True).first.click()


def test_a_login_that_ended_leaves_the_text_on_the_page(page):
    open_first_story(page)
    page.get_by_label("Body").fill("An afternoon's work.")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Save", exact=True).first.click()
    assert page.locator("h1").inner_text() == "Your login has ended"
    assert page.get_by_label("Body").input_value() == "An afternoon's work."
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Open the form again").click()
    assert "/admin/login/" in opened.value.url
