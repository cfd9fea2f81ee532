#!/bin/sh
# Makes the certificates that the TLS tests use, valid for a hundred years. The keys protect nothing.
set -eu
cd "$(dirname "$0")"

key() {
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"
}

# name, subject alternative names, extended key usage
signed() {
    key "$1.key"
    printf 'subjectAltName=%s\nextendedKeyUsage=%s\n' "$2" "$3" > extensions
    openssl req -new -key "$1.key" -subj "/CN=$1" |
        openssl x509 -req -CA ca.pem -CAkey ca.key -days 36500 -extfile extensions -out "$1.pem"
}

# name
selfSigned() {
    key "$1.key"
    openssl req -x509 -key "$1.key" -subj "/CN=$1" -days 36500 -out "$1.pem"
}

selfSigned ca
signed localhost DNS:localhost,IP:127.0.0.1 serverAuth
signed other DNS:other.example,DNS:*.other.example serverAuth
signed client DNS:client.example clientAuth
selfSigned stranger

# Keys in the forms that openssl has written over the years, each with a certificate of its own.
# name
certified() {
    openssl req -x509 -key "$1.key" -subj "/CN=$1" -days 36500 -out "$1.pem" -passin pass:secret
}

openssl genrsa -traditional -out rsa.key 2048
openssl ecparam -name secp384r1 -genkey -out curve.key
openssl genpkey -algorithm ed25519 -out edwards.key
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -aes256 -pass pass:secret -out encrypted.key
openssl genrsa -traditional -aes256 -passout pass:secret -out encryptedrsa.key 2048
for name in rsa curve edwards encrypted encryptedrsa; do certified "$name"; done

rm ca.key extensions ca.srl 2> /dev/null || true
