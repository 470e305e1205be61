/** The sample book is sealed like any other and holds no secret: its passphrase is the same everywhere, so one click opens it. */
export const samplePassphrase = 'portbook-sample';
