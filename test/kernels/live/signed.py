# SPDX-License-Identifier: GPL-2.0-only
"""On a kernel that takes signed modules only: builds a copy of the extraction with `plugsched build
--sign` and the kernel's own key, and runs signed.sh in a guest, which has the unsigned modules too.
"""
import os
import shutil
import tempfile

import run
from truth import arguments


def sign(found, work):
    """A signed build of the extraction."""
    folder = os.path.join(work, 'signed')
    shutil.copytree(found.out, folder)
    key, certificate = (os.path.join(found.tree, 'certs', name) for name in ('signing_key.pem', 'signing_key.x509'))
    print(run.run(found.command, 'build', f'--sign={key}', certificate, folder), end='')
    return folder


def main():
    found = arguments('out', 'command', 'seconds')
    with tempfile.TemporaryDirectory() as work:
        unsigned = [f'{os.path.join(found.out, name)}=unsigned/{name}' for name in ('scheduler.ko', 'plugsched.ko')]
        found.out = sign(found, work)
        run.boot(found, 'sh /signed.sh', unsigned)


main()
