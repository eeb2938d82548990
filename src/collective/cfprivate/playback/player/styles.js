/**
 * media-chrome writes `<style>` into its shadow roots. `style-src 'self'` forbids that, so here the same text
 * becomes constructed style sheets, which a Content-Security-Policy leaves to the script that makes them.
 * https://github.com/muxinc/media-chrome/issues/898
 */

const INERT = "urn:cfprivate:adopted";

/** @param {Function[]} classes custom elements that fill their own shadow root */
export function adoptStyles(classes) {
  for (const { prototype } of classes) {
    prototype.attachShadow = function (options) {
      return intercept(Element.prototype.attachShadow.call(this, options));
    };
  }
}

/** Take over the two ways in which media-chrome fills this one shadow root. */
function intercept(root) {
  const native = Object.getOwnPropertyDescriptor(ShadowRoot.prototype, "innerHTML");
  const fill = (html) => {
    if (ShadowRoot.prototype.setHTMLUnsafe) ShadowRoot.prototype.setHTMLUnsafe.call(root, html);
    else native.set.call(root, html);
    adopt(root);
  };
  Object.defineProperty(root, "innerHTML", { configurable: true, get: native.get, set: fill });
  Object.defineProperty(root, "setHTMLUnsafe", { configurable: true, value: fill });
  return root;
}

/** Move the style of a shadow root, and of those declared inside it, to constructed style sheets. */
function adopt(root) {
  for (const style of root.querySelectorAll("style")) {
    if (style.namespaceURI === INERT) continue;
    const sheet = new CSSStyleSheet({ media: style.media });
    sheet.replaceSync(style.textContent);
    root.adoptedStyleSheets.push(sheet);
    style.replaceWith(standIn(style, sheet));
  }
  for (const element of root.querySelectorAll("*")) {
    if (element.shadowRoot) adopt(element.shadowRoot);
  }
}

/**
 * An element that media-chrome takes for the `<style>` when it looks for a sheet to add rules to, and that is
 * nothing to the browser. (Chromium reports even an empty `<style>`, of whatever type, to the policy.)
 */
function standIn(style, sheet) {
  const element = document.createElementNS(INERT, "style");
  for (const { name, value } of style.attributes) element.setAttribute(name, value);
  return Object.defineProperty(element, "sheet", { value: sheet });
}
