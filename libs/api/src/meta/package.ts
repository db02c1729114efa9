/** The OpenAPI package of everything that all kinds share. */
export const META_PACKAGE = 'io.k8s.apimachinery.pkg.apis.meta.v1';
