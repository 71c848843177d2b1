/** Counts down to the moment before which the payment must be made. Without this script the moment itself is shown. */
(() => {
  'use strict';

  const shown = document.querySelector('.countdown time');
  const ends = Date.now() + Number(shown.dataset.seconds) * 1000; // by the server's clock, whatever this one shows

  function show() {
    const seconds = Math.max(0, Math.ceil((ends - Date.now()) / 1000));
    const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    shown.textContent = parts.map((part) => String(part).padStart(2, '0')).join(':');
    if (seconds === 0) clearInterval(timer);
  }

  const timer = setInterval(show, 1000);
  document.querySelector('.countdown .how').textContent = 'Time left to pay: ';
  show();
})();
