import { encodeUrlPart } from '../templates/url-encoding.js';

const NOT_ASCII = /[\u0080-\uffff]/g;
const LONE_SURROGATE = /\p{Surrogate}/gu;
const MARKUP = /[&<>"']/g;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text as answers write it: as it is, in JSON of several languages, in a URL, in HTML. */
export function writtenForms(text: string): readonly string[] {
  const json = JSON.stringify(text).slice(1, -1);
  // Python and PHP escape what is not ASCII, PHP also the slash.
  const ascii = json.replace(NOT_ASCII, escaped);
  const inUrl = encodeUrlPart(text);
  const lenient = encodeURIComponent(text.replace(LONE_SURROGATE, '\ufffd'));
  const inHtml = text.replace(MARKUP, (sign) => ENTITIES[sign]!);
  return [
    text,
    json,
    ascii,
    ascii.replaceAll('/', '\\/'),
    inUrl,
    inUrl.replaceAll('%20', '+'),
    lenient,
    inHtml,
  ];
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
