/**
 * Exchanges messages with the embedding script around it, on every framed page of the sandbox.
 * It sends nothing before the parent's message `link`, which gives the guid and the only origin that may receive messages.
 * Without this script the customer follows the page's links.
 */
(() => {
  'use strict';

  /** What this page tells the shop, written by the server. */
  const page = { ...document.currentScript.dataset };
  const REDIRECTS_AFTER_MS = 2000;
  const waiting = [];
  let parent; // { guid, origin }, once known

  if (window.parent === window) {
    // Not in a frame: this page makes the redirect that a parent would have made.
    if (page.redirect) setTimeout(() => location.assign(page.redirect), REDIRECTS_AFTER_MS);
    return;
  }

  function say(message, data = {}) {
    if (!parent) waiting.push([message, data]);
    else window.parent.postMessage(JSON.stringify({ message, data, guid: parent.guid }), parent.origin);
  }

  /** The content's size, independent of the window's: otherwise a frame that has grown would grow again. */
  function size() {
    const main = document.querySelector('main');
    const below = parseFloat(getComputedStyle(main).marginBottom);
    return { width: document.documentElement.clientWidth, height: Math.ceil(main.offsetTop + main.offsetHeight + below) };
  }

  function read(text) {
    try {
      const { message, guid } = JSON.parse(text);
      return { message, guid };
    } catch {
      return {};
    }
  }

  function link(guid, origin) {
    parent = { guid, origin };
    say('epframe.loaded', size());
    if (page.event) say(page.event, JSON.parse(page.details));
    for (const [message, data] of waiting.splice(0)) say(message, data);
    new ResizeObserver(() => say('epframe.resize', size())).observe(document.querySelector('main'));
  }

  /** The customer leaves: after a result this is an exit, before it the end of the attempt. */
  const leave = () => say(page.event ? 'epframe.exit' : 'epframe.destroy');

  window.addEventListener('message', ({ source, origin, data }) => {
    if (source !== window.parent) return;
    const { message, guid } = read(data);
    if (message === 'link' && !parent && typeof guid === 'string') link(guid, origin);
    if (!parent || origin !== parent.origin || guid !== parent.guid) return;
    if (message === 'resize') say('epframe.resize', size());
    if (message === 'close') leave();
  });

  document.querySelector('form[action^="/payment/"]')?.addEventListener('submit', () => say('epframe.payment.sent'));

  document.querySelector('.return a')?.addEventListener('click', (event) => {
    const { href, target } = event.currentTarget;
    if (!parent || target === '_self') return;
    if (target === '_parent') {
      event.preventDefault();
      say('epframe.redirect', { url: href });
    }
    leave();
  });

  // The parent receives no keys that are pressed in the frame.
  if (page.mode === 'popup') document.addEventListener('keydown', (event) => event.key === 'Escape' && leave());

  if (page.redirect) setTimeout(() => say('epframe.redirect', { url: page.redirect }), REDIRECTS_AFTER_MS);
})();
