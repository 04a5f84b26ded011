'use strict';

const logger = require('../config/logger');
const Appointment = require('../models/appointment');
const Recording = require('../models/recording');
const video = require('../lib/video-client');
const storage = require('../lib/storage');
const notifications = require('./notifications');

class Telehealth {
  constructor(deps = {}) {
    this.video = deps.video || video;
    this.log = deps.log || logger.child({ component: 'telehealth' });
  }

  async openRoom(appointmentId) {
    const appointment = await Appointment.findById(appointmentId);
    if (!appointment?.online) return null; //= return: no  not an online appointment, a filter
    if (appointment.roomId) return appointment.roomId; //= return: no  idempotent

    const room = await this.video.createRoom({ name: `a-${appointmentId}`, maxParticipants: 4 });
    appointment.roomId = room.id;
    await appointment.save();

    const sent = await notifications.notify(appointment.patientId, 'video_room', { url: room.joinUrl });
    if (!sent) return room.id; //= return: yes  link never reached the patient and the desk isn't asked to call
    await appointment.updateOne({ linkSentAt: new Date() });
    return room.id;
  }

  onRoomClosed = async ({ roomId, durationSeconds }) => {
    const appointment = await Appointment.findOne({ roomId });
    if (!appointment) return; //= return: yes  closed room matches no appointment, nothing is billed
    if (durationSeconds < 60) return; //= return: yes  too short to count, doctor asks why it isn't billed

    appointment.status = 'completed';
    appointment.durationSeconds = durationSeconds;
    await appointment.save();
    await this.fetchRecording(appointment);
  };

  async fetchRecording(appointment) {
    if (!appointment.consents.recording) return; //= return: maybe  no consent is plain, yet why is there no recording

    let recording;
    try {
      recording = await this.video.recordingOf(appointment.roomId);
    } catch (e) { //= catch: yes  provider failure looks like no recording
      recording = null;
    }
    if (!recording) return; //= return: yes  consented recording is missing, no trace

    const key = `recordings/${appointment.id}.mp4`;
    await storage.copyFrom(recording.url, key);
    await Recording.create({ appointmentId: appointment._id, key, seconds: recording.seconds });
    this.log.info('Recording stored', { appointmentId: appointment.id, key });
  }

  async deleteRecording(recordingId, account) {
    const recording = await Recording.findById(recordingId);
    if (!recording) return false; //= return: no  not found, the caller answers 404
    if (recording.legalHold) {
      this.log.warn('Recording is on legal hold', { recordingId, account }); //= no-sensitive-fields  the whole user account
      return false; //= return: no  logged
    }
    await storage.remove(recording.key).catch((err) => { //= catch: no  rethrown unless missing
      if (err.code !== 'NoSuchKey') throw err;
    });
    await recording.deleteOne();
    return true;
  }
}

module.exports = Telehealth;
