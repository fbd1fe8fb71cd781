#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# certificates.sh DIR: makes an authority and certificates of a server and a client in DIR, as tls-creds-x509 wants them.
set -e
mkdir -p "$1"
cd "$1"
key='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'
# shellcheck disable=SC2086 # a list
openssl req -x509 $key -keyout ca-key.pem -out ca-cert.pem -subj '/CN=Test authority' -days 2 2>/dev/null
printf 'subjectAltName = DNS:localhost, IP:127.0.0.1, IP:::1\nkeyUsage = critical, digitalSignature, keyEncipherment\n' >extensions
for side in server client; do
  # shellcheck disable=SC2086
  openssl req $key -keyout $side-key.pem -out $side.csr -subj "/O=Test/CN=$side" 2>/dev/null
  openssl x509 -req -in $side.csr -CA ca-cert.pem -CAkey ca-key.pem -CAcreateserial -days 2 -extfile extensions \
    -out $side-cert.pem 2>/dev/null
done
