import { Injectable, type PipeTransform } from '@nestjs/common';
import { isRepositoryPath } from '@gantry/oci';
import { RegistryFault } from '../errors';

/** Lets only names pass that the spec allows: nothing that could lead out of the storage tree. */
@Injectable()
export class RepositoryName implements PipeTransform<string, string> {
  transform(name: string): string {
    if (isRepositoryPath(name)) return name;
    throw new RegistryFault('NAME_INVALID', undefined, { name: name.slice(0, 300) });
  }
}
