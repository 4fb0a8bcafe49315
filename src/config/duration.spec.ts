import fc from 'fast-check';
import { parseDuration } from './duration.js';

/** Prints a term as Go does, or as a person might: with a fraction, leading zeros, either spelling of micro. */
const UNITS = { ns: 1e-6, us: 1e-3, µs: 1e-3, μs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const unit = fc.constantFrom(...(Object.keys(UNITS) as (keyof typeof UNITS)[]));
const number = fc.stringMatching(/^(\d{1,6}(\.\d{0,3})?|\.\d{1,3})$/);
const terms = fc.array(fc.record({ number, unit }), { minLength: 1, maxLength: 5 });

describe('parseDuration', () => {
  it.each([
    ['0', 0],
    ['0s', 0],
    ['250ms', 250],
    ['20s', 20_000],
    ['10m', 600_000],
    ['1h30m', 5_400_000],
    ['30m1h', 5_400_000],
    ['1.5s', 1500],
    ['.5s', 500],
    ['1.s', 1000],
    ['1s1s', 2000],
    ['1us', 0.001],
    ['720h', 2_592_000_000],
  ])('reads %s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it('reads what is printed, whatever the order, fractions and units', () => {
    fc.assert(
      fc.property(terms, (list) => {
        const text = list.map((term) => term.number + term.unit).join('');
        const expected = list.reduce((sum, term) => sum + Number(term.number) * UNITS[term.unit], 0);
        expect(parseDuration(text)).toBe(expected);
      }),
    );
  });

  it('reads every whole number of milliseconds back from hours, minutes, seconds and milliseconds', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2_592_000_000 }), (ms) => {
        const seconds = Math.floor(ms / 1000);
        const text = `${Math.floor(seconds / 3600)}h${Math.floor(seconds / 60) % 60}m${seconds % 60}s${ms % 1000}ms`;
        expect(parseDuration(text)).toBe(ms);
      }),
    );
  });

  it.each([
    '',
    ' ',
    '600',
    '1.5',
    '00',
    's',
    '.s',
    '1 s',
    ' 1s',
    '1s ',
    '1s,2s',
    '-1s',
    '1S',
    '1d',
    '1e3s',
    '0x1s',
    '1s\n',
  ])('takes %j for no duration', (text) => {
    expect(parseDuration(text)).toBeNaN();
  });

  it('takes a good duration with anything foreign in it for none', () => {
    const foreign = fc.string({ minLength: 1 }).filter((text) => !/^[\d.nuµμmsh]*$/.test(text));
    fc.assert(
      fc.property(terms, foreign, fc.boolean(), (list, rubbish, inFront) => {
        const text = list.map((term) => term.number + term.unit).join('');
        expect(parseDuration(inFront ? rubbish + text : text + rubbish)).toBeNaN();
      }),
    );
  });

  it('is a number of milliseconds not below 0, or NaN, for any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const ms = parseDuration(text);
        expect(Number.isNaN(ms) || ms >= 0).toBe(true);
      }),
    );
  });
});
