import { templateErrorOf } from '../template-error.spec-support.js';
import { compileLeaf } from '../compile-leaf.js';
import { KnownFields } from '../known-fields.js';
import { renderText } from '../leaf.js';
import { renderingOf } from '../rendering.spec-support.js';

const FIELDS = new KnownFields({});

function date(value: unknown, args: string): string {
  const leaf = compileLeaf(`{{ value | date: ${args} }}`, 'json_body.at', FIELDS);
  return renderText(leaf, renderingOf({ value, zone: 'Asia/Tokyo' }));
}

const FULL = "'%Y-%m-%d %H:%M:%S %z'";

describe('The date filter', () => {
  it.each([
    ['2026-03-10', '2026-03-10 00:00:00 '],
    ['2026-03-29T02:30:00', '2026-03-29 02:30:00 '],
    ['2026-03-29 02:30', '2026-03-29 02:30:00 '],
    ['2026-11-01T01:30:00.250', '2026-11-01 01:30:00 '],
  ])('shows %s, which names no zone, as the wall clock it is', (value, expected) => {
    expect(date(value, FULL)).toBe(expected);
  });

  it.each([
    ['2026-03-09T23:30:00Z', '2026-03-09 23:30:00 +0000'],
    ['2026-03-09T23:30:00.999z', '2026-03-09 23:30:00 +0000'],
    ['2026-03-29T23:40:00+02:00', '2026-03-29 23:40:00 +0200'],
    ['2026-03-29T00:10:00-0330', '2026-03-29 00:10:00 -0330'],
    ['2026-03-29T00:10:00+14:00', '2026-03-29 00:10:00 +1400'],
  ])('keeps the offset of %s', (value, expected) => {
    expect(date(value, FULL)).toBe(expected);
  });

  it.each([
    ['2026-03-09T23:30:00Z', "'Europe/Madrid'", '2026-03-10 00:30:00 +0100'],
    ['2026-07-09T23:30:00Z', "'Europe/Madrid'", '2026-07-10 01:30:00 +0200'],
    ['2026-03-29T00:59:59Z', "'Europe/Madrid'", '2026-03-29 01:59:59 +0100'],
    ['2026-03-29T01:00:00Z', "'Europe/Madrid'", '2026-03-29 03:00:00 +0200'],
    ['2026-10-25T01:30:00Z', "'Europe/Madrid'", '2026-10-25 02:30:00 +0100'],
    ['2026-03-10T00:00:00+05:00', "'America/New_York'", '2026-03-09 15:00:00 -0400'],
    ['2026-03-10T00:00:00Z', "'Asia/Kathmandu'", '2026-03-10 05:45:00 +0545'],
    ['2026-03-10T00:00:00Z', 'zone', '2026-03-10 09:00:00 +0900'],
    ['2026-03-10T00:00:00Z', 'missing', '2026-03-10 00:00:00 +0000'],
    ['1890-01-01T00:00:00Z', "'Europe/Madrid'", '1889-12-31 23:45:00 -0015'],
  ])('moves %s to the zone %s', (value, zone, expected) => {
    expect(date(value, `${FULL}, ${zone}`)).toBe(expected);
  });

  it('takes a wall clock to hang in the zone, and does not move it', () => {
    expect(date('2026-07-10T11:45:00', `${FULL}, 'Europe/Madrid'`)).toBe('2026-07-10 11:45:00 +0200');
    expect(date('2026-03-10', `${FULL}, 'America/Los_Angeles'`)).toBe('2026-03-10 00:00:00 -0700');
  });

  it.each([
    ['%a %A %b %B %h', 'Sat Saturday Apr April Apr'],
    ['%d %e %-d %j %q', '04  4 4 094 th'],
    ['%H %k %I %l %-I %p %P', '07  7 07  7 7 AM am'],
    ['%M %S %L %s', '05 09 250 1775286309'],
    ['%y %C %m %-m %_m %03m', '26 20 04 4  4 004'],
    ['%u %w %U %W', '6 6 13 13'],
    ['%F %T %R %D', '2026-04-04 07:05:09 07:05 04/04/26'],
    ['%c | %x %X %r', 'Sat Apr  4 07:05:09 2026 | 04/04/26 07:05:09 07:05:09 AM'],
    ['%^a %^B %#p %Z %:z', 'SAT APRIL am UTC +00:00'],
    ['100%% %%F %', '100% %F %'],
    ['%n%t|', '\n\t|'],
    ['%E %f %i %99999Y', '%E %f %i %99999Y'],
  ])('writes %s in English wherever the server stands', (format, expected) => {
    expect(date('2026-04-04T07:05:09.25Z', `'${format}'`)).toBe(expected);
  });

  it('counts a number as seconds since 1970', () => {
    expect(date(0, FULL)).toBe('1970-01-01 00:00:00 +0000');
    expect(date(1775286309, FULL)).toBe('2026-04-04 07:05:09 +0000');
  });

  it.each([
    '',
    'soon',
    'now',
    '2026-02-30',
    '2026-13-01',
    '2026-03-10T25:00',
    '10/03/2026',
    '2026-3-1',
    '20260310',
  ])('leaves %j, which is no date, as it is', (value) => {
    expect(date(value, FULL)).toBe(value);
  });

  it('leaves null to the filters that follow', () => {
    expect(date(null, `${FULL} | default: 'no date'`)).toBe('no date');
  });

  it('knows leap days and years long ago', () => {
    expect(date('2024-02-29', "'%j %d.%m.%Y'")).toBe('060 29.02.2024');
    expect(date('0099-12-31', "'%Y %j'")).toBe('0099 365');
  });

  it('refuses a zone that does not exist when saved, and fails when an event names one', () => {
    expect(templateErrorOf(() => date('2026-03-10', "'%Y', 'Europe/Madird'")).code).toBe('TEMPLATE_SYNTAX');
    expect(templateErrorOf(() => date('2026-03-10T00:00Z', "'%Y', value")).code).toBe(
      'TEMPLATE_RENDER_FAILED',
    );
  });
});
