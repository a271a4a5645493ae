export * from './istiod-access';
export * from './mesh';
export * from './network';
export * from './proxy-defaults';
export * from './revision';
export * from './validation-error';
