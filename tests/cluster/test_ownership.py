"""Only what this cluster made is touched: known by its folder and its servers, not by a number or a name."""

import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from cluster import record
from cluster.errors import ClusterError
from cluster.folder import Folder
from cluster.local import Cluster
from cluster.temporary import free_ports
from tests.support.own_cluster import command

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may give folders away, and mount")


def refused(own, *words):
    """What a command says that fails, in one line."""
    done = command(own, *words)
    assert done.returncode
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr


def refused_after_steps(own, *words):
    """What a command says that fails on the way."""
    done = command(own, *words)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr


def copy(folder, to):
    subprocess.run(["cp", "-a", folder, to], check=True)
    return to


@pytest.mark.parametrize("word", ["up", "reset"])
def test_a_stale_pid_file_whose_number_another_server_has_does_not_stop_that_one(own, cluster, word):
    other = cluster.primary.process()
    own.up()
    own.down()
    shutil.copy(cluster.primary.data / "postmaster.pid", own.primary.data)
    assert own.primary.process() is None
    getattr(own, word)()
    assert cluster.primary.process() == other
    assert cluster.primary.ask("SELECT 1")


def test_a_copied_folder_knows_nothing_of_the_originals_servers(own):
    own.up()
    before = [node.process() for node in own.nodes.values()]
    copied = Cluster(copy(own.directory, own.directory.parent / "copied"), free_ports())
    assert copied.running_ports() == ""
    copied.reset()
    assert not copied.directory.exists()
    assert [node.process() for node in own.nodes.values()] == before


def test_a_copied_folder_knows_nothing_of_the_originals_run(own):
    with record.of(own.folder) as mine:
        mine.write(os.getpid())
    copied = Folder(copy(own.directory, own.directory.parent / "copied"), own.folder.owners)
    with record.of(copied) as other:
        assert not other.is_left_behind
    with record.of(own.folder) as after:
        assert after.is_left_behind


def test_a_moved_folder_finds_its_servers(own):
    own.up()
    moved = own.directory.rename(own.directory.parent / "moved")
    found = Cluster(moved)
    try:
        assert found.is_running()
        assert found.primary.port == own.primary.port
    finally:
        found.reset()


@pytest.mark.parametrize("word", ["reset", "down", "up"])
def test_a_folder_that_no_cluster_made_is_left_alone(own, word):
    own.directory.mkdir()
    (own.directory / "thesis.txt").write_text("years of work")
    before = own.directory.stat()
    assert "is not empty, and no cluster made it" in refused(own, word)
    assert (own.directory / "thesis.txt").read_text() == "years of work"
    assert (own.directory.stat().st_uid, own.directory.stat().st_mtime) == (before.st_uid, before.st_mtime)
    shutil.rmtree(own.directory)


@as_root
@pytest.mark.parametrize("word", ["reset", "down", "up"])
def test_another_users_folder_is_left_alone(own, word):
    own.directory.mkdir()
    os.chown(own.directory, 1, 1)
    assert "belongs to daemon. Run as daemon, or name another folder" in refused(own, word)
    assert own.directory.stat().st_uid == 1
    own.directory.rmdir()


@as_root
def test_root_gives_no_folder_away_for_a_link_in_var_tmp(tmp_path):
    closed, victim = tmp_path / "closed", tmp_path / "victim"
    closed.mkdir(mode=0o700)
    victim.mkdir()
    own = closed / "c"
    # Where the folder was to lie once
    planted = Path("/var/tmp/daily-replica") / str(own).strip("/").replace("/", "-")
    planted.parent.mkdir(exist_ok=True)
    planted.symlink_to(victim)
    try:
        made = Cluster(own, free_ports())
        made.down()
        assert (victim.stat().st_uid, list(victim.iterdir())) == (0, [])
        made.reset()
    finally:
        planted.unlink()


def test_a_link_to_another_ones_cluster_is_not_followed(own):
    own.up()
    link = own.directory.parent / "link"
    link.symlink_to(own.directory)
    with pytest.raises(ClusterError, match=f"{link} is a link to the cluster of {own.directory}. Delete the link"):
        Cluster(link)
    assert own.is_running()


@as_root
@pytest.mark.parametrize("name", ["postgresql.conf", "prepared"])
def test_root_does_not_write_through_a_link_that_the_servers_user_planted(own, tmp_path, name):
    own.up()
    own.down()
    victim = tmp_path / "passwd"
    victim.write_text("root")
    (own.primary.data / name).unlink()
    (own.primary.data / name).symlink_to(victim)
    with pytest.raises(OSError, match="Too many levels of symbolic links"):
        own.up()
    assert victim.read_text() == "root"


# --- What it says -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("port", ["0", "-1", "80", "65534", "99999", "abc"])
@pytest.mark.parametrize("way", ["option", "environment"])
def test_a_port_that_is_none_is_named_with_those_that_are(own, port, way):
    words = ["--port", port] if way == "option" else []
    done = subprocess.run(
        [sys.executable, "-m", "cluster", "--directory", own.directory, *words, "status"],
        env=os.environ | {"CLUSTER_PORT": port},
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"'{port}' is no port for three servers. Give one from 1024 to 65533, here or as CLUSTER_P" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_server_that_does_not_start_says_why(own):
    own.up()
    own.down()
    with (own.primary.data / "postgresql.auto.conf").open("a") as settings:
        settings.write("shared_buffers = 'plenty'\n")
    said = refused_after_steps(own, "up")
    assert 'primary does not start: LOG:  invalid value for parameter "shared_buffers": "plenty"' in said
    assert "FATAL:" in said


@contextmanager
def mounted(folder, options):
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", folder], check=False, capture_output=True)
    if done.returncode:
        pytest.skip("this machine lets nobody mount")
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


@as_root
def test_a_folder_that_cannot_be_written_to_is_named(directory):
    with mounted(directory, "ro"):
        said = refused(Cluster(directory / "c", free_ports()), "up")
    assert f"{directory / 'c'}: Read-only file system." in said
    assert "name another folder: python -m cluster --directory DIR" in said


@as_root
@pytest.mark.parametrize("size", ["0", "8m", "60m"])
def test_a_full_disk_is_named(directory, size):
    options = "nr_inodes=1" if size == "0" else f"size={size}"
    with mounted(directory, options):
        directory.chmod(0o755)
        own = Cluster(directory / "c", free_ports())
        said = refused_after_steps(own, "up")
        assert re.search(r"No space left on device|only \d+ MB are left on the disk", said)
        own.reset()
