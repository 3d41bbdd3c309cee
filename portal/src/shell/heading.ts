/** The heading of a page is its title, and where the keyboard goes on after a change of the page. */
import { useEffect } from 'react';

const PRODUCT = 'VPCEP';

/** For the whole portal, once. */
export function useHeading(): void {
  useEffect(() => {
    let shown: HTMLElement | null = null;
    let path = location.pathname;
    const follow = () => {
      const heading = document.querySelector('h1');
      if (heading === null) return;
      document.title = `${heading.textContent} – ${PRODUCT}`;
      if (heading === shown) return;
      // Another page, or the element with the focus went away with the one before. The first page begins where browsers begin.
      const isLost = path !== location.pathname || document.activeElement === document.body;
      if (shown !== null && isLost) {
        heading.tabIndex = -1;
        heading.focus();
      }
      shown = heading;
      path = location.pathname;
    };
    const observer = new MutationObserver(follow);
    observer.observe(document.body, { subtree: true, childList: true, characterData: true });
    follow();
    return () => observer.disconnect();
  }, []);
}
