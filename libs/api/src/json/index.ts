/** Plain JSON values: copying, comparing and reading them, written for speed. */
export * from './clone';
export * from './equal';
export * from './parse';
