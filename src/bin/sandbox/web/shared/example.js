/** The example page: opens the Payment Page as a shop's own script would, and lists the handlers that were called. */
(() => {
  'use strict';

  const HANDLERS = ['onRun', 'onLoaded', 'onFailLoading', 'onPaymentSent', 'onPaymentSuccess', 'onPaymentFail', 'onRedirect', 'onExit', 'onDestroy'];
  const log = document.getElementById('log');

  function write(name, data) {
    const line = document.createElement('li');
    const handler = document.createElement('code');
    handler.textContent = name;
    line.append(handler, data.payment ? ` ${data.payment.id}: ${data.payment.status}` : '');
    log.append(line);
  }

  const handlers = Object.fromEntries(HANDLERS.map((name) => [name, (data) => write(name, data)]));
  for (const button of document.querySelectorAll('button[data-config]')) {
    EPayWidget.bind(button.id, { ...JSON.parse(button.dataset.config), ...handlers });
  }
})();
