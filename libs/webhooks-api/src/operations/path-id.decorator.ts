import { ApiParam } from '@nestjs/swagger';

/** The `:id` in the path of an operation, or of all of a controller's. */
export function PathId(): MethodDecorator & ClassDecorator {
  return ApiParam({ name: 'id', type: String });
}
