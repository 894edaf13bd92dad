"""The firmware as S-mode sees it: tests/sbi/guest runs on it, case by case.

The same guest runs on OpenSBI, so that no misreading of ours goes unseen that
both sides share; where OpenSBI departs from the specification, KNOWN says how.
"""
import re
import subprocess

import pytest

from keel.firmware import GUEST, OURS, SUMMARY, Results, firmwares, measure
from keel.machine import Machine, built

# What machines lack, and the cases about extensions that none of them has.
MAY_SKIP = {
    'one hart', 'no hypervisor extension', 'there is a hypervisor extension',
    "there is no id below this hart's", 'no mask reaches that far',
    'nobody types: option typed', "rdtime is the hardware's",
}
MAY_BE_ABSENT = ('cppc_', 'mpxy_', 'dbtr_', 'priv19_', 'k210_')

# Where OpenSBI departs from the specification, and how.
KNOWN = {
    'OpenSBI 1.1': {
        'base_spec_version_is_3_0': 'implements 1.0',
        'ipi_to_none_is_success': 'minds the base of an empty mask',
        'ipi_to_some_absent_hart_is_invalid': 'ignores absent harts',
        'hsm_status_of_absent_hart_is_invalid': 'takes 32 bits of the id',
        'hsm_suspend_of_reserved_type_is_invalid': 'NOT_SUPPORTED',
        'legacy_clear_ipi': 'always returns 0',
        'counters_of_user_obey_scounteren': 'emulates time regardless',
        'pmu_reserved_flags_are_invalid': 'ignores them',
        'pmu_unknown_event_is_not_supported': 'takes reserved events',
        'pmu_fw_read_of_wrong_counter_is_invalid': 'reads hardware ones too',
        'pmu_fw_read_hi_is_0': 'is older than the function',
    },
    'OpenSBI 1.6': {
        'base_spec_version_is_3_0': 'implements 2.0',
        'ipi_to_absent_hart_is_invalid': 'ignores absent harts',
        'ipi_to_some_absent_hart_is_invalid': 'ignores absent harts',
        'rfence_to_absent_hart_is_invalid': 'ignores absent harts',
        'rfence_hfence_with_h': 'ignores absent harts',
        'hsm_status_of_absent_hart_is_invalid': 'takes 32 bits of the id',
        'hsm_suspend_of_reserved_type_is_invalid': 'NOT_SUPPORTED',
        'legacy_clear_ipi': 'always returns 0',
        'pmu_reserved_flags_are_invalid': 'ignores them',
        'pmu_unknown_event_is_not_supported': 'INVALID_PARAM',
        'pmu_fw_read_of_wrong_counter_is_invalid':
            'reads high bits of hardware ones too',
        'pmu_event_info_tells_what_is_there': 'knows no firmware events',
        'fwft_locked_feature_is_denied_locked': 'DENIED',
        'sse_attributes_refuse_writes': 'BAD_RANGE',
        'sse_mask_and_unmask': 'ALREADY_STARTED of what is stopped',
        'dbtr_refuses_triggers_for_m_mode': 'FAILED',
        'dbtr_refuses_bad_memory': 'ignores flags',
        'dbtr_absent_trigger': 'INVALID_PARAM',
    },
}
# Cases that OpenSBI does not come back from: it goes where nothing is, faults
# on bad memory itself, ends the machine, or waits for stopping harts for ever.
STOPS_OPENSBI = [
    'rfence_from_all_harts_at_once', 'hsm_start_at_bad_address_is_invalid',
    'hsm_suspend_to_bad_address_is_invalid',
    'srst_reserved_reason_is_invalid', 'srst_foreign_reason_is_invalid',
    'dbcn_write_of_bad_memory_is_invalid', 'dbcn_read_to_bad_memory_is_invalid',
    'pmu_event_info_refuses_bad_parameters', 'sse_attributes_refuse_bad_memory',
]


def start_guest(tmp_path, bios='sbi', machine='virt', cpu=None, smp=1,
                words=()):
    """A machine that runs the guest with these bootargs."""
    extra = ['-machine', machine, *(['-cpu', cpu] if cpu else [])]
    return Machine(tmp_path, bios=bios, kernel=built(GUEST), disk=None,
                   smp=smp, mem='128M', append=' '.join(words), extra=extra)


def run_guest(tmp_path, switches_off=True, **options):
    """Run all cases until the guest ends; the results."""
    with start_guest(tmp_path, **options) as machine:
        counts = machine.expect(SUMMARY).groups()
        if switches_off:
            assert machine.wait_end() == 0
        results = Results(machine.text())
    assert list(map(int, counts)) == list(map(len, (
        results.passed, results.failed, results.skipped)))
    return results


def check_ours(tmp_path, may_skip=(), may_be_absent=(), **options):
    """All cases pass on ours, or have a good reason to be skipped."""
    reasons = MAY_SKIP | set(may_skip)
    absent = (*MAY_BE_ABSENT, *may_be_absent)
    results = run_guest(tmp_path, **options)
    assert not results.failed, '\n'.join(
        f'{name}: {why}' for name, why in results.failed.items())
    for name, reason in results.skipped.items():
        assert reason in reasons or name.startswith(absent), \
            f'{name}: skipped, {reason}'
    return results


def available(option, name):
    """Does this QEMU know the machine or processor?"""
    result = subprocess.run(['qemu-system-riscv64', option, 'help'],
                            capture_output=True, text=True, check=True)
    return re.search(rf'^{name}\b', result.stdout, re.MULTILINE)


@pytest.mark.parametrize('smp', [1, 2, 4, 8])
def test_cases_with_harts(tmp_path, smp):
    results = check_ours(tmp_path, smp=smp)
    assert len(results.passed) > (130 if smp == 1 else 160)


@pytest.mark.parametrize('cpu', ['rv64,sstc=off', 'rv64,h=off', 'rv64,h=on',
                                 'rv64,sscofpmf=on', 'thead-c906'])
def test_cases_with_cpu(tmp_path, cpu):
    if not available('-cpu', cpu.split(',')[0]):
        pytest.skip(f'this QEMU has no {cpu}')
    check_ours(tmp_path, cpu=cpu, smp=2)


# Privileged architecture 1.10 has no mcountinhibit.
OLD_CPU_LACKS = {'counters cannot be stopped'}
# Without a time CSR stolen time cannot be had cheaply.
NO_TIME_LACKS = ('sta_',)
EMULATED_RDTIME = 'pmu_counts_emulated_rdtime'


def test_cases_with_old_cpu(tmp_path):
    check_ours(tmp_path, cpu='sifive-u54', smp=2, may_skip=OLD_CPU_LACKS)


def test_cases_on_sifive_u(tmp_path):
    # One hart has no S-mode; nothing there switches the machine off.
    results = check_ours(tmp_path, machine='sifive_u', smp=5,
                         switches_off=False, may_skip=OLD_CPU_LACKS,
                         may_be_absent=NO_TIME_LACKS)
    assert EMULATED_RDTIME in results.passed


def test_cases_on_spike(tmp_path):
    results = check_ours(tmp_path, machine='spike', smp=2,
                         may_be_absent=NO_TIME_LACKS)
    assert EMULATED_RDTIME in results.passed


def test_cases_with_aclint(tmp_path):
    check_ours(tmp_path, machine='virt,aclint=on', smp=2)


@pytest.mark.parametrize('name', list(KNOWN))
def test_cases_on_opensbi(tmp_path, name):
    path = firmwares()[name]
    if not path:
        pytest.skip(f'no {name}: run ./setup.sh')
    results = run_guest(tmp_path, bios=path, smp=2,
                        words=[f'skip={case}' for case in STOPS_OPENSBI])
    # That it departs from it in more, or our cases do, is a failure.
    assert set(results.failed) == set(KNOWN[name])


@pytest.mark.parametrize('end', ['off', 'legacy'])
def test_ends_the_machine(tmp_path, end):
    with start_guest(tmp_path, words=['only=none', f'end={end}']) as machine:
        assert machine.wait_end() == 0


def test_ends_with_failure(tmp_path):
    with start_guest(tmp_path, words=['only=none', 'end=failure']) as machine:
        assert machine.wait_end() != 0


@pytest.mark.parametrize('end', ['cold', 'warm'])
def test_reboots_the_machine(tmp_path, end):
    with start_guest(tmp_path, smp=2,
                     words=['only=none', f'end={end}']) as machine:
        machine.expect('guest: hart')
        machine.expect('guest: hart')


def test_prints_by_every_call(tmp_path):
    with start_guest(tmp_path) as machine:
        machine.expect(r'\ndbcn: written whole\r*\n')
        machine.expect(r'\ndbcn: written by byte\r*\n')
        machine.expect(r'\nlegacy: written by byte\r*\n')


def test_reads_what_is_typed(tmp_path):
    words = ['only=dbcn_read_gets_what_is_typed', 'typed=k']
    with start_guest(tmp_path, words=words) as machine:
        machine.expect('guest: type k')
        machine.send('k')
        machine.expect('1 passed, 0 failed')


def test_calls_cost_at_most_half_of_opensbi(tmp_path):
    costs = {name: measure(path) for name, path in firmwares().items() if path}
    ours = costs.pop(OURS)
    assert ours.pop('reset_to_kernel') < 1_500_000
    for row, cost in ours.items():
        for name, theirs in costs.items():
            assert cost <= theirs.get(row, 2 * cost) / 2, \
                f'{row}: ours {cost}, {name} {theirs[row]}'
