import { ALL_TENANTS } from 'nestjs-webhooks';

/** Whether a caller can be of it: a tenant's name, or null for an operator. What was left out by mistake is neither. */
export function isCallerTenant(value: unknown): value is string | null {
  return value === null || (typeof value === 'string' && value !== '' && value !== ALL_TENANTS);
}
