import 'reflect-metadata';
import { jest } from '@jest/globals';
import { IsOptional, IsString } from 'class-validator';
import { EventCatalog } from '../../catalog/event-catalog.service.js';
import { WebhookEvent } from '../../catalog/webhook-event.decorator.js';
import { WebhookField } from '../../catalog/webhook-field.decorator.js';
import { RequestFit } from './request-fit.js';
import { tryOut, type Trial } from './trial-render.js';

@WebhookEvent('OrderTicketed')
class OrderTicketed {
  @WebhookField({ example: 'Lucía' })
  @IsString()
  passenger!: string;

  @WebhookField({ nullable: true })
  @IsOptional()
  @IsString()
  pnr: string | null = null;
}

@WebhookEvent('OrderCanceled')
class OrderCanceled {
  @WebhookField({ example: 'Lucia' })
  @IsString()
  passenger!: string;
}

const catalog = new EventCatalog();
catalog.register([OrderTicketed, OrderCanceled]);
const URL = 'https://a.example/';
const LOOP = `{% for a in (1..999) %}{% for b in (1..999) %}{% for c in (1..999) %}x{% endfor %}{% endfor %}{% endfor %}`;

function trial(request: object, templateSecrets = {}, name = 'OrderTicketed'): Trial {
  const eventType = catalog.get(name);
  const source = { httpRequest: { url: URL, ...request }, fields: null, templateSecrets };
  return { eventType, fit: RequestFit.of(source, eventType.schema) };
}

describe('a trial with the sample', () => {
  it.each<[string, object]>([
    ['the standard body', {}],
    ['a body of its own', { json_body: { who: '{{ passenger | upcase }}', pnr: '{{pnr}}' } }],
    ['null in a path, where events have a value', { url: `${URL}{{pnr}}`, json_body: { pnr: '{{pnr}}' } }],
    ['accents in body and URL', { url: `${URL}{{passenger}}`, raw_body: '{{passenger}}' }],
  ])('accepts %s', (_name, request) => {
    expect(() => tryOut([trial(request)], {})).not.toThrow();
  });

  it.each<[string, object, Record<string, string>]>([
    ['what does not end', { raw_body: LOOP }, { code: 'TEMPLATE_RENDER_LIMIT', path: 'raw_body' }],
    [
      'what does not end, after null in a path',
      { url: `${URL}{{pnr}}`, raw_body: LOOP },
      { code: 'TEMPLATE_RENDER_LIMIT', path: 'raw_body' },
    ],
    [
      'a header that cannot carry the value',
      { header: { 'X-Name': '{{passenger}}' } },
      { code: 'HEADER_VALUE_INVALID', path: 'header.X-Name' },
    ],
    [
      'a field that is no time zone',
      { json_body: ['{{ occurred_at | date: "%H", passenger }}'] },
      { code: 'TEMPLATE_RENDER_FAILED', path: 'json_body[0]' },
    ],
  ])('refuses %s, with code and path', (_name, request, expected) => {
    expect(() => tryOut([trial(request)], {})).toThrow(expect.objectContaining(expected));
    expect(() => tryOut([trial(request)], {})).toThrow('(tried with the sample of OrderTicketed)');
  });

  it('takes the secrets themselves, and quotes none', () => {
    const request = { header: { 'X-Key': '{{secrets.KEY}}' }, url: `${URL}{{secrets.PART}}` };
    const names = { KEY: '', PART: '' };
    const good = { KEY: 'k3y', PART: 'a/b' };
    expect(() => tryOut([trial(request, names)], good)).not.toThrow();
    const broken = expect.objectContaining({ code: 'HEADER_VALUE_INVALID', path: 'header.X-Key' });
    expect(() => tryOut([trial(request, names)], { ...good, KEY: 'k3y\n' })).toThrow(broken);
    expect(() => tryOut([trial(request, names)], { ...good, KEY: 'k3y\n' })).not.toThrow('k3y');
    const dots = expect.objectContaining({ code: 'URL_DOT_SEGMENT' });
    expect(() => tryOut([trial(request, names)], { ...good, PART: '..' })).toThrow(dots);
  });

  it('is made for every event type', () => {
    const request = { header: { 'X-Name': '{{passenger}}' } };
    const trials = ['OrderCanceled', 'OrderTicketed'].map((name) => trial(request, {}, name));
    expect(() => tryOut(trials.slice(0, 1), {})).not.toThrow();
    expect(() => tryOut(trials, {})).toThrow('sample of OrderTicketed');
  });

  it('tries no further event type after a quarter of a second', () => {
    const passing = trial({ raw_body: '{{passenger}}' });
    const failing = trial({ header: { 'X-Name': '{{passenger}}' } });
    const now = jest
      .spyOn(performance, 'now')
      .mockReturnValueOnce(0)
      .mockReturnValueOnce(250)
      .mockReturnValueOnce(251);
    expect(() => tryOut([passing, failing], {})).not.toThrow();
    now.mockRestore();
    expect(() => tryOut([passing, failing], {})).toThrow('header.X-Name');
  });
});
