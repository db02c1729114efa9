import { ListOf, MapOf, Schema, Str } from '../../fields';

@Schema({ doc: 'A claim of the pod that a container uses.' })
export class ResourceClaim {
  @Str({ doc: "Entry of the pod's `resourceClaims`." })
  name!: string;

  @Str({ doc: 'A single request of the claim; all of it unless given.', optional: true })
  request?: string;
}

@Schema({ doc: 'What a container needs and may use of each resource.' })
export class ResourceRequirements {
  @MapOf('quantity', { doc: 'The most it may use.', optional: true })
  limits?: Record<string, string>;

  @MapOf('quantity', { doc: 'What is reserved for it; as much as the limit unless given.', optional: true })
  requests?: Record<string, string>;

  @ListOf(() => ResourceClaim, { doc: 'Claims of the pod that it uses.', optional: true, listMapKeys: ['name'] })
  claims?: ResourceClaim[];
}

@Schema({ doc: 'What changing a resource of a running container takes.' })
export class ContainerResizePolicy {
  @Str({ doc: 'The resource: cpu or memory.' })
  resourceName!: string;

  @Str({ doc: 'Whether the container is restarted.', enum: ['NotRequired', 'RestartContainer'] })
  restartPolicy!: 'NotRequired' | 'RestartContainer';
}
