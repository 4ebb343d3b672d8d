#!/bin/sh
# Puts the check into /run. Runs at the end of the initramfs, where a shell, cat, ln and mkdir are all there is.
set -eu

units=/run/systemd/system
mkdir -p /run/keeper-check "$units/multi-user.target.wants"
cat /keeper-check/check.sh >/run/keeper-check/check.sh
cat /keeper-check/keeper-check.service >"$units/keeper-check.service"
ln -s ../keeper-check.service "$units/multi-user.target.wants/keeper-check.service"
# Nobody but root may know the nonce.
umask 077
cat /keeper-check/settings >/run/keeper-check/settings
