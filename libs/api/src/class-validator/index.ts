export { registerWithClassValidator } from './register';
