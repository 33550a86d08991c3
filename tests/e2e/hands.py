"""Two ways to use a page: with the mouse, and with nothing but the keyboard."""

from typing import Protocol

from playwright.sync_api import Locator, Page

MOST_TABS = 150
# A ring around the element itself, or around the control that holds it (the search box).
FOCUS_IS_DRAWN = """() => {
  const drawn = (element) => {
    const style = element && getComputedStyle(element);
    return style && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  };
  const active = document.activeElement;
  return drawn(active) || drawn(active.parentElement);
}"""


class Hand(Protocol):
    """What a person does to a page, whatever the device."""

    page: Page

    def press(self, target: Locator) -> None: ...

    def fill(self, target: Locator, text: str) -> None: ...

    def choose(self, target: Locator, label: str) -> None: ...

    def tick(self, target: Locator) -> None: ...


class Mouse:
    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, target: Locator) -> None:
        target.click()

    def fill(self, target: Locator, text: str) -> None:
        target.click()
        target.fill(text)

    def choose(self, target: Locator, label: str) -> None:
        target.select_option(label=label)

    def tick(self, target: Locator) -> None:
        target.check()


class Keyboard:
    """Tab, arrows, Space, Enter and letters; never a click, never focus from a script."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, target: Locator) -> None:
        self._go_to(target)
        self.page.keyboard.press("Enter")

    def fill(self, target: Locator, text: str) -> None:
        self._go_to(target)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def choose(self, target: Locator, label: str) -> None:
        self._go_to(target)
        for _ in range(target.locator("option").count()):
            chosen = target.evaluate("e => e.options[e.selectedIndex].text")
            if chosen == label:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{label} cannot be reached with the arrows")

    def tick(self, target: Locator) -> None:
        if target.get_attribute("type") == "radio":
            self._to_radio(target)
        else:
            self._go_to(target)
            if not target.is_checked():
                self.page.keyboard.press("Space")
        assert target.is_checked()

    def _to_radio(self, target: Locator) -> None:
        """Tab enters a group of radios once; the arrows move inside it."""
        name = target.get_attribute("name")
        group = self.page.locator(f'input[type=radio][name="{name}"]')
        self._tab_until(f"e => e.type === 'radio' && e.name === '{name}'")
        self.page.keyboard.press("Space")
        for _ in range(group.count()):
            if target.is_checked():
                return
            self.page.keyboard.press("ArrowDown")

    def _go_to(self, target: Locator) -> None:
        target.wait_for()
        for _ in range(MOST_TABS):
            if target.evaluate("e => e === document.activeElement"):
                assert self._is_focus_visible(), "the focus is not visible"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{target} is not reached with Tab")

    def _tab_until(self, condition: str) -> None:
        for _ in range(MOST_TABS):
            if self.page.evaluate(f"({condition})(document.activeElement)"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"nothing reached with Tab fits {condition}")

    def _is_focus_visible(self) -> bool:
        return bool(self.page.evaluate(FOCUS_IS_DRAWN))
