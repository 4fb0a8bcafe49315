import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { ValidateBy } from 'class-validator';
import { parseDuration } from './duration.js';

/** What a setting's text may be: how it is read, which values are right, and how to say so to the operator. */
interface Kind<T> {
  allowed: string;
  read: (text: string) => T;
  accepts: (value: T) => boolean;
}

function kind<T>({ allowed, read, accepts }: Kind<T>): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }) => read(String(value).trim())),
    ValidateBy({
      name: 'setting',
      validator: { validate: (value: T) => accepts(value), defaultMessage: () => allowed },
    }),
  );
}

/** A whole number in decimal digits. */
export const Integer = (min: number, max: number): PropertyDecorator =>
  kind({
    allowed: `a whole number from ${min} to ${max}`,
    read: (text) => (/^\d+$/.test(text) ? Number(text) : NaN),
    accepts: (value) => value >= min && value <= max,
  });

/** A port number, or nothing. */
export const OptionalPort = (): PropertyDecorator =>
  kind({
    allowed: 'empty, or a whole number from 0 to 65535',
    read: (text) => (text === '' ? undefined : /^\d+$/.test(text) ? Number(text) : NaN),
    accepts: (value) => value === undefined || value <= 65_535,
  });

/** A duration in Go's syntax, kept in milliseconds. */
export const Duration = (min: string, max: string): PropertyDecorator =>
  kind({
    allowed: `a duration with its unit, such as 1h30m or 250ms, from ${min} to ${max}`,
    read: parseDuration,
    accepts: (value) => value >= parseDuration(min) && value <= parseDuration(max),
  });

const TRUE = ['true', 't', '1'];
const FALSE = ['false', 'f', '0'];

/** A boolean, spelt in any way Go's `strconv.ParseBool` knows. */
export const Flag = (): PropertyDecorator =>
  kind({
    allowed: 'true or false',
    read: (text) => (TRUE.includes(text.toLowerCase()) ? true : FALSE.includes(text.toLowerCase()) ? false : undefined),
    accepts: (value) => value !== undefined,
  });

/** One word of a few, in any case. */
export const OneOf = (...words: string[]): PropertyDecorator =>
  kind({
    allowed: `one of ${words.join(', ')}`,
    read: (text) => text.toLowerCase(),
    accepts: (value) => words.includes(value),
  });

/** Text that matches, or is empty where that is the default. */
export const Text = (allowed: string, accepts: (text: string) => boolean): PropertyDecorator =>
  kind({ allowed, read: (text) => text, accepts });

/** Comma-separated entries. */
export const List = (allowed: string, accepts: (entry: string) => boolean): PropertyDecorator =>
  kind({
    allowed: `a comma-separated list of ${allowed}`,
    read: (text) =>
      text
        .split(',')
        .map((entry) => entry.trim())
        .filter(Boolean),
    accepts: (entries) => entries.every(accepts),
  });
