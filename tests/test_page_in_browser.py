"""The page of `lr-lint report` in a real browser: what is seen, by mouse and by keyboard, wide and narrow.

It needs Playwright and a Chromium: Debian's `chromium-headless-shell` or `chromium`, any on the path, or the one that
the environment variable CHROMIUM names. Where there is none, these tests are skipped.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias
from urllib.parse import unquote, urlparse

import pytest

from lr_lint.reports.links import rule_page
from lr_lint.reports.page.document import document
from tests.support import BUG, FIXED, lr_lint
from tests.test_page import data_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser

sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
BROWSER = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
pytestmark = pytest.mark.skipif(BROWSER is None, reason=f"needs a Chromium: one of {', '.join(NAMES)}")

Scheme: TypeAlias = "Literal['light', 'dark']"
SCHEMES: tuple[Scheme, Scheme] = ("light", "dark")
ALERT = "</script><script>document.title='broken into'</script><img src=x onerror=\"document.title='broken into'\">"
UNKNOWN = """\
from torch.optim.lr_scheduler import LambdaLR
scheduler = LambdaLR(given, schedule_of(given))
"""
LONG = BUG.replace("lr * 0.95**epoch", "lr * 0.95**epoch" + " + 0.0" * 60)


@pytest.fixture(name="report", scope="module")
def _report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a report on a project with one scheduler of each verdict, and names that are none."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "wrong.py").write_text(BUG.replace("import torch\n", f"import torch  # {ALERT}\n", 1))
    (folder / "right.py").write_text(FIXED)
    (folder / "open.py").write_text(UNKNOWN)
    (folder / "long.py").write_text(LONG)
    (folder / f"{ALERT.replace('/', '')}.py").write_text("LambdaLR(")
    assert lr_lint("report", cwd=folder).returncode == 2
    return (folder / "report.html").as_uri()


@pytest.fixture(name="chromium", scope="module")
def _chromium() -> Iterator[Browser]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield browser
        browser.close()


class Visit:
    """A visit to the page, with what the browser had to say about it.

    Attributes:
        page: as Playwright has it.
        said: messages and errors of the page.
        requests: what it asked for, itself apart.
    """

    def __init__(self, browser: Browser, address: str, *, scheme: Scheme = "light", width: int = 1200) -> None:
        self.said: list[str] = []
        self.requests: list[str] = []
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        self.page = context.new_page()
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(address)
        self.requests.remove(address)

    @property
    def names(self) -> list[str]:
        """The places of the cards that are shown, in order, drawn yet or not."""
        places = self.page.locator("#cards > li:not([hidden]) h3 .place")
        return [text.partition(":")[0] for text in places.all_text_contents()]

    def focused(self, property_: str = "className") -> str:
        return str(self.page.evaluate(f"document.activeElement.{property_}"))


@pytest.fixture(name="visit")
def _visit(chromium: Browser, report: str) -> Iterator[Visit]:
    visit = Visit(chromium, report)
    yield visit
    visit.page.context.close()
    assert visit.said == []
    assert visit.requests == []


def test_what_is_seen(visit: Visit) -> None:
    page = visit.page

    assert visit.names == ["long.py", "wrong.py", "open.py", "right.py"]
    assert page.title() == "Learning-rate schedules: lr-lint report"
    assert page.locator("#about").inner_text() == "4 schedulers in 5 files, 1 of them not analysed"
    assert page.locator("#failures li").count() == 1
    card = page.locator("article", has_text="wrong.py:6:13")
    assert card.locator("h3 .badge").inner_text() == "✕ contradicts"
    assert "1e-6 at first, 1e-6 at most, 5.92053e-9 at step 100" in card.locator(".facts").inner_text()
    assert "intended: 0.001 at first" in card.locator(".facts").inner_text()
    assert card.locator("mark.is-evidence").all_inner_texts() == ["torch.optim.SGD([torch.zeros(1)], lr=lr)", "lr"]
    assert card.locator(".legend li").all_inner_texts() == ["predicted lr", "intended lr"]
    assert card.locator("p.message code").all_inner_texts() == ["lr"]
    assert card.get_by_role("link", name="LR101").get_attribute("href") == rule_page("LR101", "rate-returned-as-factor")
    card.locator("details.fix summary").click()
    assert card.locator(".line.added code").inner_text().endswith("lambda epoch: 0.95**epoch)")


def test_all_of_a_few_plots_are_drawn_at_once_and_all_cards_laid_out(visit: Visit) -> None:
    drawn = visit.page.locator("article", has_text="right.py").locator("canvas")  # the last, far below the window
    sync_api.expect(visit.page.locator("article .canvas canvas")).to_have_count(3)

    colours = "canvas => new Set(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data).size"
    assert drawn.evaluate(colours) > 10
    laid_out = "[...document.querySelectorAll('#cards > li')].map(li => getComputedStyle(li).contentVisibility)"
    assert set(visit.page.evaluate(laid_out)) == {"visible"}


def test_of_a_thousand_schedulers_few_are_drawn(chromium: Browser, report: str, tmp_path: Path) -> None:
    page = Path(unquote(urlparse(report).path)).read_text()
    data = data_in(page)
    data["sites"] *= 250
    (tmp_path / "large.html").write_text(document(data))
    visit = Visit(chromium, (tmp_path / "large.html").as_uri())
    plots = visit.page.locator("canvas")
    sync_api.expect(plots.first).to_be_visible()

    visit.page.locator("#cards > li").last.scroll_into_view_if_needed()

    sync_api.expect(visit.page.locator("#cards > li").last.locator("canvas")).to_have_count(1)
    assert visit.page.locator("#cards > li").count() == 1000
    assert plots.count() < 20
    assert visit.said == []


def test_numbers_stand_in_a_table_too(visit: Visit) -> None:
    card = visit.page.locator("article", has_text="wrong.py:6:13")
    card.locator("details.numbers summary").click()

    sync_api.expect(card.locator("table")).to_be_visible()
    rows = [row.locator("th, td").all_inner_texts() for row in card.locator("tr").all()[:2]]
    assert rows == [["step", "returned", "predicted lr", "intended lr"], ["0", "0.001", "1e-6", "0.001"]]


def test_filters(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("button", name="undecided").click()
    assert visit.names == ["open.py"]
    page.get_by_role("button", name="consistent").click()
    assert visit.names == ["open.py", "right.py"]
    assert page.locator("#count").inner_text() == "2 of 4 schedulers shown"
    page.get_by_role("button", name="Show all").click()
    page.get_by_role("button", name="LR101").click()
    assert visit.names == ["long.py", "wrong.py"]
    page.get_by_label("Search").fill("WRONG.py certain")
    assert visit.names == ["wrong.py"]
    page.reload()
    visit.requests.clear()
    assert visit.names == ["wrong.py"], "the address keeps what is shown"
    page.get_by_label("Search").fill("nobody wrote that")
    assert visit.names == []
    assert page.locator("#nothing").is_visible()


def test_sorting(visit: Visit) -> None:
    visit.page.get_by_label("Sort by").select_option("place")
    assert visit.names == ["long.py", "open.py", "right.py", "wrong.py"]


def test_keyboard(visit: Visit) -> None:
    page = visit.page
    page.keyboard.press("Tab")
    assert visit.focused() == "skip"
    page.keyboard.press("/")
    assert visit.focused("id") == "search"
    page.keyboard.type("wrong.py j")
    assert visit.names == []
    page.keyboard.press("Escape")
    assert (visit.focused("value"), len(visit.names)) == ("", 4)
    page.locator("#reset").focus()
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert visit.focused("querySelector('.place').textContent") == "wrong.py:6:13"
    page.keyboard.press("k")
    assert visit.focused("querySelector('.place').textContent") == "long.py:6:13"
    page.keyboard.press("Tab")
    assert visit.focused("getAttribute('role')") == "slider"
    page.keyboard.press("ArrowRight")
    assert visit.focused("getAttribute('aria-valuenow')") == "1"
    assert "step 1: predicted lr 9.5e-7, intended lr 0.00095" in visit.focused("getAttribute('aria-valuetext')")
    page.keyboard.press("End")
    assert visit.focused("getAttribute('aria-valuenow')") == "100"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert visit.focused("getAttribute('aria-pressed')") == "false"


def test_everything_that_is_operated_has_a_name(visit: Visit) -> None:
    for role in ("button", "slider", "combobox", "searchbox", "textbox"):
        for control in visit.page.get_by_role(role).all():
            name = control.evaluate("e => e.getAttribute('aria-label') || e.textContent || e.labels[0].textContent")
            assert name.strip() != ""


def test_dark_and_light(chromium: Browser, report: str) -> None:
    """By the system, unless the reader says otherwise; plots too."""
    ground = "getComputedStyle(document.body).backgroundColor"
    pixel = "[...document.querySelector('canvas').getContext('2d').getImageData(0, 0, 300, 300).data].join()"
    light, dark = Visit(chromium, report), Visit(chromium, report, scheme="dark")
    for visit in (light, dark):
        sync_api.expect(visit.page.locator("canvas").first).to_be_visible()
    assert light.page.evaluate(ground) == "rgb(244, 245, 247)"
    assert dark.page.evaluate(ground) == "rgb(15, 19, 24)"
    assert light.page.evaluate(pixel) != dark.page.evaluate(pixel)

    dark.page.get_by_label("Theme").select_option("light")

    assert dark.page.evaluate(ground) == light.page.evaluate(ground)
    assert dark.page.evaluate(pixel) == light.page.evaluate(pixel)
    dark.page.reload()
    assert dark.page.evaluate(ground) == light.page.evaluate(ground), "the choice is kept"


@pytest.mark.parametrize("width", [320, 360, 768])
def test_narrow_screen_scrolls_in_one_direction(width: int, chromium: Browser, report: str) -> None:
    visit = Visit(chromium, report, width=width)

    assert visit.page.evaluate("document.documentElement.scrollWidth") == width
    assert visit.said == []


def test_paper_is_white_and_has_every_plot(chromium: Browser, report: str) -> None:
    visit = Visit(chromium, report, scheme="dark")
    visit.page.emulate_media(media="print", color_scheme="dark")

    visit.page.evaluate("dispatchEvent(new Event('beforeprint'))")

    assert visit.page.locator("canvas").count() == 3
    assert visit.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert visit.page.pdf().startswith(b"%PDF")


def test_text_has_contrast(chromium: Browser, report: str) -> None:
    """At least 4.5 to 1 (WCAG 2.1, 1.4.3) for every text that is shown, against what is behind it."""
    for scheme in SCHEMES:
        visit = Visit(chromium, report, scheme=scheme)
        assert visit.page.evaluate(FAINT_TEXTS) == []


FAINT_TEXTS = """
() => {
  const parse = (colour) => (colour.match(/[\\d.]+/g) || []).map(Number);
  const part = (value) => (value /= 255) <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const faint = [];
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || element.closest("script, style, noscript, [hidden]")) continue;
    const [one, other] = [light(parse(getComputedStyle(element).color)), light(behind(element))].sort((a, b) => b - a);
    if ((one + 0.05) / (other + 0.05) < 4.5) faint.push(texts.currentNode.data);
  }
  return faint;
}
"""
