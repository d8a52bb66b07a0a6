"""Coordinators arrange: instruments, clinics, calibration, and what is read for names."""
