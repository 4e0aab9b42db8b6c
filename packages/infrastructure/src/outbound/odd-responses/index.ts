export { codingsOf, decodeBody, decodeText } from './decode-body.ts'
export { newExchangeRecord, readableHead, startRecording } from './exchange-record.ts'
export { watchConnection } from './watch-connection.ts'
