/**
 * The sandbox's embedding script: opens the Payment Page in a frame of the page, in a frame over the page, or in the tab.
 * A page written for the platform's `EPayWidget` works with it. What arrives from the frame only hints at what happened:
 * a shop settles orders by callbacks.
 */
(() => {
  'use strict';

  const LOADS_WITHIN_MS = 5000;
  const TALLEST_FRAME = 20000;
  const EVENT = /^epframe(\.[a-z]+(_[a-z]+)*)+$/;
  const STYLE = '/shared/merchant.css';
  const SCRIPT = '/shared/merchant.js';

  let popup; // the widget that is open over the page: there is at most one

  const isOn = (flag) => flag === true || String(flag) === '1';
  const isPhone = () => navigator.userAgentData?.mobile ?? /Mobi/.test(navigator.userAgent);

  /** Random blocks of four hexadecimal digits, joined by `-`. */
  function guid(blocks = 4) {
    const numbers = crypto.getRandomValues(new Uint16Array(blocks));
    return Array.from(numbers, (number) => number.toString(16).padStart(4, '0')).join('-');
  }

  /** The Payment Page is where this script came from, unless a config names another host. */
  function getBaseUrl() {
    for (const { src } of document.scripts) {
      if (!src) continue;
      const { origin, pathname } = new URL(src, document.baseURI);
      if (pathname.endsWith(SCRIPT)) return origin + pathname.slice(0, -SCRIPT.length);
      if (pathname.endsWith('/merchant.js')) return origin;
    }
    return location.origin;
  }

  /** The handler of an event: `onPaymentSent` for `epframe.payment.sent`. */
  function handlerName(event) {
    const words = event.split(/[._]/).slice(1);
    return 'on' + words.map((word) => word[0].toUpperCase() + word.slice(1)).join('');
  }

  /** A message of the known shape, or nothing. */
  function read(text) {
    if (typeof text !== 'string') return undefined;
    try {
      const { message, data, guid } = JSON.parse(text);
      const isKnown = typeof message === 'string' && EVENT.test(message) && typeof guid === 'string' && (data == null || typeof data === 'object');
      return isKnown ? { message, data: data ?? {}, guid } : undefined;
    } catch {
      return undefined;
    }
  }

  /** An absolute http or https address, or nothing: `javascript:` and the like would run as the shop. */
  function webAddress(text) {
    const url = URL.canParse(String(text)) ? new URL(text) : undefined;
    return url && ['http:', 'https:'].includes(url.protocol) ? url.href : undefined;
  }

  function element(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
    made.append(...children);
    return made;
  }

  class Widget {
    constructor(config, method = 'get') {
      this.config = config;
      this.isPost = String(method).toLowerCase() === 'post';
      this.base = String(config.baseUrl || getBaseUrl()).replace(/\/+$/, '');
      this.origin = new URL(this.base).origin;
      this.guid = guid();
    }

    open() {
      this.tell('onRun', {});
      if (isOn(this.config.redirect) || (isOn(this.config.redirect_on_mobile) && isPhone())) {
        this.load('_self');
        return this;
      }
      this.loadStyle();
      if (this.config.target_element) this.openIn(this.host());
      else this.openOver();
      return this;
    }

    /** As the platform's widget calls it. */
    run() {
      return this.open();
    }

    /** `target_element` is an element, or the id of one. */
    host() {
      const { target_element: target } = this.config;
      const host = target instanceof Element ? target : document.getElementById(target);
      if (!host) throw new Error('Invalid target_element');
      return host;
    }

    openIn(host) {
      this.makeFrame();
      host.replaceChildren(this.frame);
      this.load(this.frame.name, 'iframe');
    }

    openOver() {
      popup?.close();
      popup = this;
      this.makeFrame();
      const close = element('button', { id: 'ep-modal-close', type: 'button', 'aria-label': 'Close' }, '×');
      const body = element('div', { id: 'ep-modal-body' }, this.frame);
      const wrap = element('div', { id: 'ep-modal-wrap', role: 'dialog', 'aria-modal': 'true', 'aria-label': 'Payment' }, close, body);
      wrap.classList.add(...String(this.config.css_modal_wrap ?? '').split(/\s+/).filter(Boolean));
      this.container = element('div', { id: 'ep-modal-container' }, wrap);
      close.addEventListener('click', () => this.close());
      this.container.addEventListener('keydown', (event) => event.key === 'Escape' && this.close());
      this.container.addEventListener('click', (event) => {
        if (event.target === this.container && isOn(this.config.close_on_missclick)) this.close();
      });
      this.cameFrom = document.activeElement;
      // Nothing behind the overlay can be reached, with keys neither. What was inert before stays inert afterwards.
      this.behind = [...document.body.children].filter((behind) => !behind.inert);
      for (const behind of this.behind) behind.inert = true;
      document.body.append(this.container);
      close.focus();
      this.load(this.frame.name, 'popup');
    }

    makeFrame() {
      this.fallSilent(); // an earlier frame of this widget may be there
      this.isLoaded = false;
      this.hasResult = false;
      const name = `iframe-${this.guid}`;
      this.frame = element('iframe', { id: name, name, class: 'ep-iframe', title: 'Payment Page', allow: 'payment' });
      this.frame.addEventListener('load', () => this.link());
      this.listener = (event) => this.hear(event);
      window.addEventListener('message', this.listener);
      this.expectLoaded();
    }

    loadStyle() {
      const isThere = [...document.styleSheets].some(({ href }) => href?.endsWith(STYLE));
      const address = this.base + STYLE;
      if (isThere || document.querySelector(`link[href="${CSS.escape(address)}"]`)) return;
      document.head.append(element('link', { rel: 'stylesheet', href: address }));
    }

    /** Opens the Payment Page in the frame or tab of this name. Handlers and other objects stay here. */
    load(target, mode) {
      const fields = Object.entries(this.config).filter(([, value]) => value != null && !['function', 'object'].includes(typeof value));
      const sent = Object.fromEntries(fields.map(([name, value]) => [name, value === true ? '1' : value === false ? '0' : String(value)]));
      // Only the origin: a path can hold the key of an order.
      Object.assign(sent, { _referrer: location.origin, _sw: String(screen.width), _sh: String(screen.height) });
      if (mode) sent.frame_mode = mode;
      const address = `${this.base}/payment`;
      if (this.isPost) {
        const inputs = Object.entries(sent).map(([name, value]) => element('input', { type: 'hidden', name, value }));
        const form = element('form', { method: 'post', action: address, target, hidden: '' }, ...inputs);
        document.body.append(form);
        HTMLFormElement.prototype.submit.call(form); // a field may be called "submit"
        form.remove();
      } else if (mode) this.frame.src = `${address}?${new URLSearchParams(sent)}`;
      else location.assign(`${address}?${new URLSearchParams(sent)}`);
    }

    /** Each new page of the frame gets the guid anew. */
    link() {
      if (this.isElsewhere()) return;
      if (!this.isLoaded) this.expectLoaded();
      this.post('link');
    }

    /** An empty frame, or one that has come back to the shop: its address can be read, and is not the Payment Page's. */
    isElsewhere() {
      try {
        return new URL(this.frame.contentWindow.location.href).origin !== this.origin;
      } catch {
        return false;
      }
    }

    expectLoaded() {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => {
        if (this.frame.isConnected) this.tell('onFailLoading', { message: 'Network problem', config: this.config });
      }, LOADS_WITHIN_MS);
    }

    hear({ source, origin, data: text }) {
      if (!this.frame.isConnected) this.fallSilent(); // the shop took the frame away, or opened another in its place
      if (!source || source !== this.frame.contentWindow || origin !== this.origin) return;
      const said = read(text);
      if (!said || said.guid !== this.guid) return;
      this.obey(said.message, said.data);
    }

    /** Each page of the frame sends `loaded`; the shop's handler is called once. */
    obey(message, data) {
      const url = message === 'epframe.redirect' ? webAddress(data.url) : undefined;
      if (message === 'epframe.redirect' && !url) return;
      if (message === 'epframe.loaded') {
        clearTimeout(this.timer);
        if (this.isLoaded) return;
        this.isLoaded = true;
      }
      if (message === 'epframe.resize' && data.height > 0) this.frame.height = Math.min(Math.ceil(data.height), TALLEST_FRAME);
      if (message === 'epframe.payment.success' || message === 'epframe.payment.fail') this.hasResult = true;
      if (message === 'epframe.exit' || message === 'epframe.destroy') this.dismantle();
      if (url) location.assign(url);
      this.tell(handlerName(message), data);
    }

    tell(handler, data) {
      if (typeof this.config[handler] === 'function') this.config[handler](data);
    }

    post(message) {
      this.frame.contentWindow?.postMessage(JSON.stringify({ message, guid: this.guid }), this.origin);
    }

    /** For pages that send messages of their own to the frame. */
    sendPostMessage(said) {
      this.frame?.contentWindow?.postMessage(JSON.stringify({ ...said, guid: this.guid }), this.origin);
    }

    resize() {
      this.post('resize');
    }

    /** Closes the overlay; a frame inside the page belongs to the page. */
    close() {
      if (this !== popup) return;
      this.dismantle();
      this.tell(this.hasResult ? 'onExit' : 'onDestroy', {});
    }

    dismantle() {
      if (this !== popup) return;
      popup = undefined;
      this.fallSilent();
      this.container.remove();
      for (const behind of this.behind) behind.inert = false;
      this.cameFrom?.focus?.();
    }

    fallSilent() {
      clearTimeout(this.timer);
      window.removeEventListener('message', this.listener);
    }
  }

  /** A widget that is not open yet. */
  const create = (config, method) => new Widget(config, method);
  const run = (config, method) => create(config, method).open();

  function bind(buttonId, config, method) {
    const widget = create(config, method);
    document.getElementById(buttonId)?.addEventListener('click', (event) => {
      event.preventDefault();
      widget.open();
    });
    return widget;
  }

  window.EPayWidget = Object.freeze({ run, bind, create, guid, getBaseUrl });
})();
