#!/bin/sh
# A recipe for medviewer.app and medviewer-VERSION.dmg. NOT RUN: it was written without a Mac at hand; only its syntax
# and its property lists are tested (tests/packaging/test_macos.py). On a Mac with Xcode's command-line tools:
#
#   packaging/macos/build.sh                                     not signed: opens only by right click, Open
#   IDENTITY="Developer ID Application: …" packaging/macos/build.sh            signed
#   IDENTITY=… PROFILE=medviewer packaging/macos/build.sh        signed and notarised; PROFILE is made once by
#                                                                xcrun notarytool store-credentials medviewer
set -eu
cd "$(dirname "$0")/../.."
here=packaging/macos
version=$(python3 -c 'import tomllib; print(tomllib.load(open("pyproject.toml", "rb"))["project"]["version"])')
app=build/dist/medviewer.app
dmg=dist/medviewer-$version.dmg

echo "medviewer $version: the frozen folder and the app, by the same spec as elsewhere"
python3 packaging/build.py

echo "what it says of itself, and what is in it"
sed "s/@VERSION@/$version/g" "$here/Info.plist.in" > "$app/Contents/Info.plist"
plutil -lint "$app/Contents/Info.plist"
cp dist/medviewer/_internal/sbom.cdx.json "$app/Contents/Resources/"
cp -R dist/medviewer/_internal/licences "$app/Contents/Resources/"

if [ -n "${IDENTITY:-}" ]; then
    echo "signing from the inside out; a signature over the whole does not sign the parts"
    find "$app/Contents" -type f \( -name '*.dylib' -o -name '*.so' \) -print0 |
        xargs -0 codesign --force --timestamp --options runtime --sign "$IDENTITY"
    codesign --force --timestamp --options runtime --entitlements "$here/entitlements.plist" --sign "$IDENTITY" "$app"
    codesign --verify --deep --strict "$app"
fi

echo "the disk image"
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
cp -R "$app" "$stage/"
ln -s /Applications "$stage/Applications"
hdiutil create -volname "medviewer $version" -srcfolder "$stage" -ov -format UDZO "$dmg"

if [ -n "${IDENTITY:-}" ]; then
    codesign --timestamp --sign "$IDENTITY" "$dmg"
fi
if [ -n "${PROFILE:-}" ]; then
    echo "notarising: Apple looks at it, which takes minutes"
    xcrun notarytool submit "$dmg" --keychain-profile "$PROFILE" --wait
    xcrun stapler staple "$dmg"
    spctl --assess --type open --context context:primary-signature --verbose "$dmg"
fi
echo "$dmg"
