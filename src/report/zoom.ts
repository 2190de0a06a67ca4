/**
 * The script of the page: zooms the drawing by buttons and by dragging, shows the time under the pointer, and opens
 * what is folded before the page is printed. The page is complete without it.
 */
export const zoomScript = `(() => {
  'use strict';
  addEventListener('beforeprint', () => {
    for (const each of document.querySelectorAll('details')) each.open = true;
  });
  const svg = document.getElementById('drawing');
  if (!svg) return;
  const number = (element, name) => Number(element.getAttribute('data-' + name));
  const whole = [number(svg, 'from'), number(svg, 'to')];
  const fault = svg.hasAttribute('data-fault') ? number(svg, 'fault') : undefined;
  const readout = document.querySelector('.readout');
  const cursor = svg.querySelector('.cursor');
  const chosen = svg.querySelector('.chosen');
  const axis = svg.querySelector('.axis');
  const all = (selector) => [...svg.querySelectorAll(selector)];
  const parts = { strips: all('.strip'), rects: all('rect[data-from]'), texts: all('text[data-from]'), lines: all('line[data-at]') };
  const shortest = 200;
  let view = whole;

  const at = (ms) => ((ms - view[0]) / (view[1] - view[0])) * 100;
  const show = (element, is) => element.setAttribute('visibility', is ? 'visible' : 'hidden');
  const make = (name, attributes, text) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    if (text) element.textContent = text;
    return element;
  };

  function zoomTo(from, to) {
    const length = Math.min(whole[1] - whole[0], Math.max(shortest, to - from));
    const start = Math.min(whole[1] - length, Math.max(whole[0], from + (to - from - length) / 2));
    view = [start, start + length];
    draw();
  }

  function draw() {
    const [from, to] = view;
    const pixels = svg.clientWidth || 800;
    for (const strip of parts.strips) strip.setAttribute('viewBox', from + ' 0 ' + (to - from) + ' 10');
    for (const rect of parts.rects) {
      const left = Math.max(-1, at(number(rect, 'from')));
      const right = Math.min(101, at(number(rect, 'to')));
      rect.setAttribute('x', left + '%');
      rect.setAttribute('width', Math.max(0, right - left) + '%');
    }
    for (const line of parts.lines) {
      const x = at(number(line, 'at')) + '%';
      line.setAttribute('x1', x);
      line.setAttribute('x2', x);
    }
    for (const text of parts.texts) {
      const left = Math.max(0, at(number(text, 'from')));
      const right = Math.min(100, at(number(text, 'to')));
      text.setAttribute('x', left + '%');
      show(text, ((right - left) / 100) * pixels > text.textContent.length * 6.4 + 8);
    }
    drawAxis(from, to, pixels);
  }

  function drawAxis(from, to, pixels) {
    const rough = (to - from) / Math.max(2, pixels / 90);
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = power * ([1, 2, 5].find((times) => times * power >= rough) || 10);
    const decimals = Math.min(3, Math.max(0, Math.ceil(-Math.log10(step / 1000) - 1e-9)));
    const marks = [];
    for (let index = Math.ceil(from / step); index <= to / step; index += 1) {
      const part = at(index * step);
      const x = part + '%';
      const anchor = part < 2 ? 'start' : part > 98 ? 'end' : 'middle';
      marks.push(make('line', { x1: x, x2: x, y1: 0, y2: 5 }), make('text', { x, y: 18, 'text-anchor': anchor }, ((index * step) / 1000).toFixed(decimals) + ' s'));
    }
    axis.replaceChildren(...marks);
  }

  const moves = {
    all: () => zoomTo(whole[0], whole[1]),
    fault: () => zoomTo(number(svg, 'fault-from'), number(svg, 'fault-to')),
    in: () => scale(0.5),
    out: () => scale(2),
    left: () => shift(-0.4),
    right: () => shift(0.4),
  };
  const scale = (by) => {
    const middle = (view[0] + view[1]) / 2;
    const half = ((view[1] - view[0]) / 2) * by;
    zoomTo(middle - half, middle + half);
  };
  const shift = (by) => {
    const length = view[1] - view[0];
    const from = Math.min(whole[1] - length, Math.max(whole[0], view[0] + by * length));
    zoomTo(from, from + length);
  };
  for (const button of document.querySelectorAll('[data-do]'))
    button.addEventListener('click', () => moves[button.getAttribute('data-do')]());

  const timeAt = (event) => {
    const box = svg.getBoundingClientRect();
    const part = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    return view[0] + part * (view[1] - view[0]);
  };
  let dragFrom;
  svg.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || event.pointerType === 'touch') return;
    dragFrom = timeAt(event);
    svg.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  svg.addEventListener('pointermove', (event) => {
    const now = timeAt(event);
    cursor.setAttribute('x1', at(now) + '%');
    cursor.setAttribute('x2', at(now) + '%');
    show(cursor, true);
    const after = fault === undefined ? '' : ', fault ' + (now < fault ? '−' : '+') + ' ' + (Math.abs(now - fault) / 1000).toFixed(2) + ' s';
    readout.textContent = (now / 1000).toFixed(2) + ' s' + after;
    if (dragFrom === undefined) return;
    chosen.setAttribute('x', at(Math.min(dragFrom, now)) + '%');
    chosen.setAttribute('width', Math.abs(at(now) - at(dragFrom)) + '%');
    show(chosen, true);
  });
  svg.addEventListener('pointerup', (event) => {
    if (dragFrom === undefined) return;
    const [from, to] = [dragFrom, timeAt(event)].sort((a, b) => a - b);
    dragFrom = undefined;
    show(chosen, false);
    if (at(to) - at(from) > 1) zoomTo(from, to);
  });
  svg.addEventListener('pointercancel', () => {
    dragFrom = undefined;
    show(chosen, false);
  });
  svg.addEventListener('pointerleave', () => show(cursor, false));
  svg.addEventListener('dblclick', moves.all);
  addEventListener('resize', draw);
  draw();
})();
`;
