/** Characters. Long enough that nobody can guess it within the limit on sign-in attempts. */
export const passwordLengthMin = 12
