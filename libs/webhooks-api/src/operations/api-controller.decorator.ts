import { applyDecorators, Controller, UseFilters, UseGuards, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AccessGuard } from '../access/access.guard.js';
import { ProblemFilter } from '../problems/problem.filter.js';

/** A controller of the API: guarded, with problem details, and at its path whatever the host's versioning says. */
export function ApiController(path: string, tag: string): ClassDecorator {
  return applyDecorators(
    Controller({ path, version: VERSION_NEUTRAL }),
    UseGuards(AccessGuard),
    UseFilters(ProblemFilter),
    ApiTags(tag),
  );
}
