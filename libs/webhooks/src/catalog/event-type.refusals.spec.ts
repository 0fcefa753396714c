import { IsString, Matches, ValidateNested } from 'class-validator';
import type { Class } from './event-class.js';
import { createEventType } from './event-type.factory.js';
import { EventValidator } from './event.validator.js';
import { WebhookEvent } from './webhook-event.decorator.js';
import { WebhookField } from './webhook-field.decorator.js';

class Leg {
  @IsString() flight!: string;
}

describe('an event class that cannot be described', () => {
  const refuse = (eventClass: Class, message: RegExp) => {
    expect(() => createEventType(eventClass, new EventValidator())).toThrow(
      expect.objectContaining({ code: 'CATALOG_INVALID', message: expect.stringMatching(message) }),
    );
  };

  it('is refused without @WebhookEvent, which is not inherited', () => {
    @WebhookEvent('Parent')
    class Parent {}
    class Child extends Parent {}
    refuse(Child, /Child is no event type: decorate it with @WebhookEvent\('Child'\)/);
  });

  it.each(['', 'Order Created', 'Order*'])('is refused under the name %j', (name) => {
    @WebhookEvent(name)
    class Named {}
    refuse(Named, /cannot name an event type \(Named\)/);
  });

  it.each(['event_id', 'event_type', 'occurred_at', 'sequence', 'catalog_version', 'secrets'])(
    'is refused when it declares the reserved %s, as a name or as an alias',
    (reserved) => {
      @WebhookEvent('Taken')
      class Taken {}
      WebhookField()(Taken.prototype, reserved);
      refuse(Taken, new RegExp(`Taken\\.${reserved} uses the name "${reserved}".*remove or rename`));
      @WebhookEvent('Alias')
      class Alias {}
      WebhookField({ aliases: [reserved] })(Alias.prototype, 'mine');
      refuse(Alias, new RegExp(`Alias\\.mine uses the name "${reserved}"`));
    },
  );

  it('is refused when an alias means two fields, also in a nested class', () => {
    class Inner {
      @IsString() one!: string;
      @WebhookField({ aliases: ['one'] }) @IsString() two!: string;
    }
    @WebhookEvent('Outer')
    class Outer {
      @WebhookField({ type: () => Inner }) @ValidateNested() inner!: Inner;
    }
    refuse(Outer, /alias "one" of Inner\.two already means Inner\.one: choose another/);
  });

  it('is refused when the class of a nested field is unknown', () => {
    @WebhookEvent('Untyped')
    class Untyped {
      @WebhookField() @ValidateNested() leg!: Leg;
    }
    refuse(Untyped, /Untyped\.leg is validated as a nested object.*type: \(\) => TheClass/);
  });

  it('is refused when the class of a nested field is undefined', () => {
    @WebhookEvent('Circular')
    class Circular {
      @WebhookField({ type: () => undefined as unknown as Class }) leg!: object;
    }
    refuse(Circular, /type of Circular\.leg is undefined.*import each other/);
  });

  it('is refused when a nested class has no fields, or none that a validator knows', () => {
    class Bare {
      @WebhookField() text!: string;
    }
    @WebhookEvent('Empty')
    class Empty {
      @WebhookField({ type: () => String }) names!: string[];
    }
    refuse(Empty, /String, the type of Empty\.names, has no fields/);
    @WebhookEvent('Unjudged')
    class Unjudged {
      @WebhookField({ type: () => Bare }) @ValidateNested() bare!: Bare;
    }
    refuse(Unjudged, /Bare, which has no validators, so no value would ever be valid/);
  });

  it('is refused when no sample can be guessed', () => {
    @WebhookEvent('Strict')
    class Strict {
      @Matches(/^AGW-\d{4}$/) id!: string;
    }
    refuse(Strict, /No valid value can be guessed for Strict\.id: add @WebhookField/);
  });
});
